import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import type { KeyWay } from './called-person.ts';
import { pacingOf, transcriptOf } from './phone/transcript.ts';
import { World } from './world.ts';

const BY: readonly (readonly [words: string, way: KeyWay])[] = [
  ['SIP INFO', 'info'],
  ['RFC 4733', 'telephone-event'],
];
/** The tone is of a telephone whose SDP knows no telephone-event. */
const BY_ANY = [...BY, ['a tone in the audio', 'in-band']] as const;
const LONG = 90_000;

describeWith(['kamailio', 'rtpengine'], 'a verification through Kamailio and rtpengine', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start();
  });
  afterEach(({ task }) => world.explain(task));
  afterAll(async () => world?.stop());

  it.concurrent.each(['en', 'zh'])(
    'is heard on the phone whole, in order and bit for bit (%s)',
    async (locale) => {
      const { created, person } = await world.call('spoken', locale);
      const gate = await person.passesTheGate('info');
      const code = await person.hearsDigitsAfter('code-last', 6);
      await world.product.check(created.id, code);
      await person.call.ended;

      const heard = transcriptOf(person.received, world.pack(locale));
      const digits = Array.from(code, (digit) => `digit-${digit}`);
      const readings = [['code-intro'], ['warning', 'repeat-hint', 'code-repeat'], ['code-last']].flatMap((lead) => [
        ...lead,
        ...digits,
      ]);
      expect(heard.prompts).toEqual([
        'greeting',
        'operator-name',
        'report-hint',
        'digit-9',
        'gate-ask',
        `digit-${gate}`,
        ...readings,
        'verdict-verified',
        'goodbye',
      ]);
      expect(heard.otherFrames).toBe(0);
    },
    LONG,
  );

  it.concurrent.each(BY_ANY)(
    'is verified by the code of the page, keyed on the phone by %s',
    async (_, way) => {
      const { created, person, end } = await world.call('keypad', 'en', { telephoneEvent: way !== 'in-band' });
      await person.passesTheGate(way);
      await person.hears('keypad-ask');
      await person.keys(created.code ?? '', way);
      expect(await end()).toMatchObject({ status: 'verified', call: { state: 'ended', outcome: 'completed' } });
      expect(await person.call.ended).toBe('far-bye');
    },
    LONG,
  );

  it.concurrent.each(BY)(
    'is verified by the code that the phone was told after a gate passed by %s, typed on the page',
    async (_, way) => {
      const { created, person, end } = await world.call('spoken');
      await person.passesTheGate(way);
      const code = await person.hearsDigitsAfter('code-intro', 6);
      expect(await world.product.check(created.id, code)).toMatchObject({ status: 'verified' });
      await person.hears('verdict-verified');
      expect(created.code).toBeUndefined();
      expect(await end()).toMatchObject({ status: 'verified', call: { state: 'ended', outcome: 'completed' } });
    },
    LONG,
  );

  it.concurrent(
    'shows each step of the call on the page, in order',
    async () => {
      const { created, person, page } = await world.call('keypad');
      await person.passesTheGate('info');
      await person.hears('keypad-ask');
      await person.keys(created.code ?? '', 'info');
      const states = (await page()).map((view) => view.call.state);
      const distinct = states.filter((state, index) => state !== states[index - 1]);
      expect(distinct.slice(distinct.indexOf('ringing'))).toEqual([
        'ringing',
        'answered',
        'gate',
        'collecting',
        'verdict',
        'ended',
      ]);
    },
    LONG,
  );

  it.concurrent(
    'sends a packet every 20 ms, none lost and none out of step',
    async () => {
      const { created, person } = await world.call('keypad');
      await person.passesTheGate('info');
      await person.hears('keypad-ask');
      await world.product.cancel(created.id);
      await person.call.ended;
      const pacing = pacingOf(person.received);
      expect(pacing).toMatchObject({ lost: 0, outOfStep: 0 });
      expect(Math.abs(pacing.drift)).toBeLessThan(200); // of some 10 s, on a machine that does other things
    },
    LONG,
  );

  it.concurrent(
    'counts a key once when the phone sends it by INFO and by RFC 4733',
    async () => {
      const { created, person, end } = await world.call('keypad');
      await person.passesTheGate('telephone-event');
      await person.hears('keypad-ask');
      for (const digit of created.code ?? '') {
        await person.keys(digit, 'telephone-event');
        await person.keys(digit, 'info');
        await new Promise((resolve) => setTimeout(resolve, 300)); // a person's own pace
      }
      expect(await end()).toMatchObject({ status: 'verified', attemptsLeft: 5 });
    },
    LONG,
  );

  it.concurrent(
    'keeps codes, tokens and whole numbers out of the log',
    async () => {
      const { created, person, end } = await world.call('keypad');
      await person.passesTheGate('info');
      await person.hears('keypad-ask');
      await person.keys(created.code ?? '', 'info');
      await end();
      const secrets = [created.code ?? '', created.token, created.to.slice(1)];
      expect(secrets.filter((secret) => world.product.logs.includes(secret))).toEqual([]);
    },
    LONG,
  );
});
