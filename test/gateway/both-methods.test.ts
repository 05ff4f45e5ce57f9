import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { loadPromptLibrary, type PromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { describeWith } from '../support/needs.ts';
import { CalledPerson, type KeyWay } from './called-person.ts';
import { TestBed } from './bed/test-bed.ts';
import { pacingOf, transcriptOf } from './phone/transcript.ts';
import { Product } from './product.ts';

const BY: readonly (readonly [words: string, way: KeyWay])[] = [
  ['SIP INFO', 'info'],
  ['RFC 4733', 'telephone-event'],
];

describeWith(['kamailio', 'rtpengine'], 'a verification through Kamailio and rtpengine', () => {
  let bed: TestBed;
  let product: Product;
  let library: PromptLibrary;

  beforeAll(async () => {
    library = await loadPromptLibrary({ defaultLocale: 'en' });
    bed = await TestBed.start();
    product = await Product.start(bed);
  });

  afterAll(async () => {
    await product?.stop();
    await bed?.stop();
  });

  afterEach(({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${bed.logs}\n--- ringproof\n${product.logs}\n`);
  });

  it.concurrent.each(BY)('is verified by the code of the page, keyed on the phone by %s', async (_, way) => {
    const { number, phone } = await bed.newPhone();
    const created = await product.create(number, 'keypad');
    const page = product.toTheEnd(created.id);
    const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
    await person.passesTheGate(way);
    await person.hears('keypad-ask');
    await person.keys(created.code ?? '', way);
    const views = await page;

    expect(views.at(-1)).toMatchObject({ status: 'verified', call: { state: 'ended', outcome: 'completed' } });
    expect(await person.call.ended).toBe('far-bye');
  });

  it.concurrent.each(BY)(
    'is verified by the code that the phone was told after a gate passed by %s, typed on the page',
    async (_, way) => {
      const { number, phone } = await bed.newPhone();
      const created = await product.create(number, 'spoken');
      const page = product.toTheEnd(created.id);
      const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
      await person.passesTheGate(way);
      const code = await person.hearsDigitsAfter('code-intro', 6);
      expect(await product.check(created.id, code)).toMatchObject({ status: 'verified' });
      await person.hears('verdict-verified');
      const views = await page;

      expect(created.code).toBeUndefined();
      expect(views.at(-1)).toMatchObject({ status: 'verified', call: { state: 'ended', outcome: 'completed' } });
      expect(await person.call.ended).toBe('far-bye');
    },
  );

  it.concurrent('shows each step of the call on the page, in order', async () => {
    const { number, phone } = await bed.newPhone();
    const created = await product.create(number, 'keypad');
    const page = product.toTheEnd(created.id);
    const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
    await person.passesTheGate('info');
    await person.hears('keypad-ask');
    await person.keys(created.code ?? '', 'info');
    const states = (await page).map((view) => view.call.state);

    const distinct = states.filter((state, index) => state !== states[index - 1]);
    expect(distinct.slice(distinct.indexOf('ringing'))).toEqual([
      'ringing',
      'answered',
      'gate',
      'collecting',
      'verdict',
      'ended',
    ]);
  });

  it.concurrent.each(['en', 'zh'])(
    'is heard on the phone whole, in order and bit for bit (%s)',
    async (locale) => {
      const { number, phone } = await bed.newPhone();
      const created = await product.create(number, 'spoken', locale);
      const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack(locale));
      const gate = await person.passesTheGate('info');
      await person.hears('code-last');
      const code = await person.hearsDigitsAfter('code-last', 6);
      await product.check(created.id, code);
      await person.call.ended;

      const heard = transcriptOf(person.received, library.pack(locale));
      const digits = Array.from(code, (digit) => `digit-${digit}`);
      const reading = ['code-intro', 'code-repeat', 'code-last'].flatMap((intro) => [intro, ...digits]);
      expect(heard.prompts.filter((name) => name !== 'warning')).toEqual([
        'greeting',
        'operator-name',
        'gate-ask',
        gate,
        ...reading,
        'verdict-verified',
        'goodbye',
      ]);
      expect(heard.otherFrames).toBe(0);
    },
    60_000,
  );

  it.concurrent('sends a packet every 20 ms, none lost and none out of step', async () => {
    const { number, phone } = await bed.newPhone();
    const created = await product.create(number, 'keypad');
    const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
    await person.passesTheGate('info');
    await person.hears('keypad-ask');
    await product.cancel(created.id);
    await person.call.ended;

    const pacing = pacingOf(person.received);
    expect(pacing).toMatchObject({ lost: 0, oddTimestamps: 0 });
    expect(pacing.mean).toBeGreaterThan(19.5);
    expect(pacing.mean).toBeLessThan(20.5);
  });

  it.concurrent('counts a key once when the phone sends it by INFO and by RFC 4733', async () => {
    const { number, phone } = await bed.newPhone();
    const created = await product.create(number, 'keypad');
    const page = product.toTheEnd(created.id);
    const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
    await person.passesTheGate('telephone-event');
    await person.hears('keypad-ask');
    for (const digit of created.code ?? '') {
      await person.keys(digit, 'telephone-event');
      await person.keys(digit, 'info');
      await new Promise((resolve) => setTimeout(resolve, 300)); // a person's own pace
    }
    const views = await page;
    expect(views.at(-1)).toMatchObject({ status: 'verified', attemptsLeft: 5 });
  });

  it.concurrent('keeps codes, gate digits and whole numbers out of the log', async () => {
    const { number, phone } = await bed.newPhone();
    const created = await product.create(number, 'keypad');
    const page = product.toTheEnd(created.id);
    const person = await CalledPerson.pickUp(await phone.nextCall(), library.pack('en'));
    await person.passesTheGate('info');
    await person.hears('keypad-ask');
    await person.keys(created.code ?? '', 'info');
    await page;
    expect(product.logs).not.toContain(number.slice(1));
    expect(product.logs).not.toContain(created.code);
    expect(product.logs).not.toContain(created.token);
  });
});
