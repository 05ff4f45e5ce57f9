import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digits, House, notQuite, PATIENCE, transcriptOf, wholePromptsOf, type Resident } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(async () => house.close());

/** A greeting made of key tones; the test knows what the gate asks for, so that it can guess wrong, or right, for certain. */
async function guessAtEachAsking(resident: Resident, guess: (digit: string) => string): Promise<void> {
  for (;;) {
    const { digit } = await resident.next('gate');
    await resident.key(guess(digit));
  }
}

describe.concurrent('a machine that answers', { timeout: PATIENCE }, () => {
  it('with tones of the page’s code, and a wrong guess at the gate, has no code compared', async () => {
    const resident = await house.phone({ passGate: false, keyWay: 'rfc4733' });
    const page = await resident.verify('keypad');
    // A gate's digit is never nine, and no guess after the first key of an asking counts.
    guessAtEachAsking(resident, (digit) => `${digit === '8' ? '7' : '8'}*${page.created.code ?? ''}`).catch(() => {});
    expect(await page.done).toMatchObject({ status: 'failed', reason: 'wrong-code', attemptsLeft: 5 });
    const said = wholePromptsOf(await resident.callIsOver());
    expect(said.filter((prompt) => prompt.startsWith('keypad-'))).toEqual([]);
    expect(said.slice(-2)).toEqual(['verdict-failed', 'goodbye']);
  });

  it('with tones of the page’s code, and the one right guess in nine, is told apart by its timing', async () => {
    const resident = await house.phone({ passGate: false });
    const gate = resident.next('gate');
    const page = await resident.verify('keypad');
    const { digit } = await gate;
    await resident.key(`${digit}*${page.created.code ?? ''}`);
    expect(await page.done).toMatchObject({ status: 'verified', call: { keyTiming: 'machine-regular' } });
  });

  it('with a tone for whatever was said before hears no code', async () => {
    const resident = await house.phone({ passGate: false });
    let before = '';
    const page = await resident.verify('spoken');
    guessAtEachAsking(resident, (digit) => {
      // Before the first asking nothing was said; the star would have it said again.
      const late = before === digit || before === '' ? notQuite(digit) : before;
      before = digit;
      return late;
    }).catch(() => {});
    expect(await page.done).toMatchObject({ status: 'failed', reason: expect.stringMatching(/wrong-code|no-input/) });
    const heard = transcriptOf(await resident.callIsOver());
    expect(heard).not.toContain('code-intro');
    // The nine of the report key, and one digit for each asking.
    expect(heard.filter((prompt) => prompt.startsWith('digit-'))).toHaveLength(4);
  });
});

describe.concurrent('call screening', { timeout: PATIENCE }, () => {
  it('hears first who calls and why, and then lets through whom the call is for', async () => {
    const resident = await house.phone({ passGate: false });
    const first = resident.next('gate');
    const page = await resident.verify('spoken');
    const asked = resident.hears('gate-still-there');
    await first;
    await asked;
    const { digit } = await resident.next('gate');
    const spoken = resident.next('code');
    await resident.key(digit);
    const { code } = await spoken;
    expect(await page.type(code)).toMatchObject({ status: 'verified' });
    const heard = wholePromptsOf(await resident.callIsOver());
    expect(heard.slice(0, 2)).toEqual(['greeting', 'operator-name']);
    expect(heard.indexOf('code-intro')).toBeGreaterThan(heard.indexOf('gate-still-there'));
    expect(heard.slice(heard.indexOf('code-intro') + 1).slice(0, 6)).toEqual(digits(code));
  });
});
