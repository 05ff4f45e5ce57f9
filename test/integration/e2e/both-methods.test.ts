import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { digits, House, notQuite, PATIENCE, transcriptOf, wholePromptsOf } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(async () => house.close());

const GREETING = ['greeting', 'operator-name', 'report-hint', 'digit-9'];
const FAREWELL = ['verdict-verified', 'goodbye'];

describe.concurrent('a number is verified by a call', { timeout: PATIENCE }, () => {
  it.each([
    ['en', 'info'],
    ['zh', 'rfc4733'],
  ] as const)('when the code of the page is keyed (%s, keys by %s)', async (locale, keyWay) => {
    let shown: string | undefined;
    const resident = await house.phone({ keyWay, codeFor: () => shown });
    const gate = resident.next('gate');
    const page = await resident.verify('keypad', locale);
    shown = page.created.code;
    const { digit } = await gate;
    expect(await page.done).toMatchObject({ status: 'verified', call: { state: 'ended', outcome: 'completed' } });
    const call = await resident.callIsOver();
    expect(transcriptOf(call)).toEqual([...GREETING, 'gate-ask', `digit-${digit}`, 'keypad-ask', ...FAREWELL]);
    expect(new Set(call.heard.map((heard) => heard.locale))).toEqual(new Set([locale]));
  });

  it('after its word, and the amount and payee of a payment, were heard to the end', async () => {
    let shown: string | undefined;
    const resident = await house.phone({ codeFor: () => shown });
    const gate = resident.next('gate');
    const transaction = { amount: '49.90 EUR', payee: 'Café 7' };
    const page = await resident.verify('keypad', 'fr', { sayWord: true, transaction });
    shown = page.created.code;
    const { digit } = await gate;
    expect(await page.done).toMatchObject({ status: 'verified', transaction: { ...transaction, spoken: true } });
    const place = SHARED_WORDS.fr.indexOf(page.created.word ?? '');
    expect(transcriptOf(await resident.callIsOver())).toEqual([
      'greeting',
      'operator-name',
      'word-intro',
      `word-${place}`,
      'payment-intro',
      'digit-4',
      'digit-9',
      'decimal-point',
      'digit-9',
      'digit-0',
      'currency-eur',
      'payee-intro',
      ...Array.from('cafe', (letter) => `letter-${letter}`),
      'digit-7',
      'report-hint',
      'digit-9',
      'gate-ask',
      `digit-${digit}`,
      'keypad-ask',
      ...FAREWELL,
    ]);
  });

  it('when the spoken code is typed while it is said again', async () => {
    const resident = await house.phone();
    const spoken = resident.next('code');
    const page = await resident.verify('spoken');
    expect(await page.type((await spoken).code)).toMatchObject({ status: 'verified' });
    expect(await page.done).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });
    expect(wholePromptsOf(await resident.callIsOver()).slice(-2)).toEqual(FAREWELL);
  });

  it('when the spoken code is typed after its third reading, every word of which was heard', async () => {
    const resident = await house.phone();
    const gate = resident.next('gate');
    const last = resident.hearsDigits('code-last', 6);
    const page = await resident.verify('spoken', 'zh');
    const { digit } = await gate;
    const code = await last;
    expect(await page.type(code)).toMatchObject({ status: 'verified' });
    expect(transcriptOf(await resident.callIsOver())).toEqual([
      ...GREETING,
      'gate-ask',
      `digit-${digit}`,
      'code-intro',
      ...digits(code),
      'warning',
      'repeat-hint',
      'code-repeat',
      ...digits(code),
      'code-last',
      ...digits(code),
      ...FAREWELL,
    ]);
  });

  it('when the second code keyed is the right one', async () => {
    let shown = '';
    const resident = await house.phone({ codeFor: (time) => (time === 1 ? notQuite(shown) : shown) });
    const page = await resident.verify('keypad');
    shown = page.created.code ?? '';
    expect(await page.done).toMatchObject({ status: 'verified', attemptsLeft: 4 });
    expect(transcriptOf(await resident.callIsOver()).slice(-4)).toEqual(['keypad-ask', 'keypad-wrong', ...FAREWELL]);
  });

  it('when the code is keyed while the voice still asks for it', async () => {
    const resident = await house.phone();
    const asking = resident.hears('keypad-ask');
    const page = await resident.verify('keypad');
    await asking;
    await resident.key(page.created.code ?? '');
    expect(await page.done).toMatchObject({ status: 'verified' });
    expect(transcriptOf(await resident.callIsOver()).slice(-3)).toEqual(['keypad-ask…', ...FAREWELL]);
  });

  it('when the visitor typed a wrong code before the right one', async () => {
    const resident = await house.phone();
    const spoken = resident.next('code');
    const page = await resident.verify('spoken');
    const { code } = await spoken;
    expect(await page.type(notQuite(code))).toEqual({ status: 'pending', attemptsLeft: 4 });
    expect(await page.type(code)).toMatchObject({ status: 'verified' });
    expect(wholePromptsOf(await resident.callIsOver()).slice(-2)).toEqual(FAREWELL);
  });

  it('when the gate was passed at the second asking', async () => {
    let shown: string | undefined;
    const resident = await house.phone({ passGate: false, codeFor: () => shown });
    const first = resident.next('gate');
    const page = await resident.verify('keypad');
    shown = page.created.code;
    const wrong = notQuite((await first).digit);
    const second = resident.next('gate');
    await resident.key(wrong);
    const { digit } = await second;
    await resident.key(digit);
    expect(await page.done).toMatchObject({ status: 'verified' });
    expect(transcriptOf(await resident.callIsOver())).toContain('gate-wrong');
  });

  it('and the page saw each step of it, in order', async () => {
    let shown: string | undefined;
    const resident = await house.phone({ codeFor: () => shown });
    const page = await resident.verify('keypad');
    shown = page.created.code;
    await page.done;
    const steps = page.seen.map(({ call }) => call.state).filter((state, index, all) => state !== all[index - 1]);
    expect(steps.slice(steps.indexOf('ringing'))).toEqual([
      'ringing',
      'answered',
      'gate',
      'collecting',
      'verdict',
      'ended',
    ]);
    const keys = page.seen.filter(({ call }) => call.state === 'collecting').map(({ call }) => call.keys);
    expect(keys.filter((count, index) => count !== keys[index - 1])).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe.concurrent('a code is neither spoken nor accepted', { timeout: PATIENCE }, () => {
  it('where nobody passes the gate: a voicemail hears three questions and no code', async () => {
    const resident = await house.phone({ passGate: false });
    const page = await resident.verify('spoken');
    expect(await page.done).toMatchObject({ status: 'failed', reason: 'no-input' });
    const said = transcriptOf(await resident.callIsOver());
    // The nine of the report key, and one digit for each question.
    expect(said.filter((prompt) => prompt.startsWith('digit-'))).toHaveLength(4);
    const prompts = said.filter((prompt, at) => !prompt.startsWith('digit-') || at < GREETING.length);
    expect(prompts).toEqual([
      ...GREETING,
      'gate-ask',
      'gate-still-there',
      'gate-still-there',
      'no-input',
      'verdict-failed',
      'goodbye',
    ]);
  });

  it('where the code is keyed at the gate, as a visitor might dictate it', async () => {
    const resident = await house.phone({ passGate: false });
    const gate = resident.next('gate');
    const page = await resident.verify('keypad');
    const { digit } = await gate;
    const code = page.created.code ?? '';
    // Neither the gate's digit nor the report key, each of which says something else.
    const withoutTheDigit = code.replaceAll(digit, notQuite(digit)).replaceAll('9', notQuite(digit));
    const refused = resident.hears('gate-wrong');
    await resident.key(withoutTheDigit[0] ?? '');
    await refused;
    expect(page.seen.every(({ status, attemptsLeft }) => status === 'pending' && attemptsLeft === 5)).toBe(true);
    resident.phone.currentCall?.hangUp();
    expect(await page.done).toMatchObject({ status: 'failed', reason: 'hung-up' });
  });
});
