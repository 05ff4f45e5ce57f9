import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House, PATIENCE, transcriptOf } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open({ RINGPROOF_GATE_DIGITS: '2', RINGPROOF_REPORT_KEY: 'off' });
});
afterAll(async () => house.close());

const GREETING = ['greeting', 'operator-name'];

describe.concurrent('a gate of two digits', { timeout: PATIENCE }, () => {
  it('is passed by a phone that presses each digit as it hears it, and the code is keyed', async () => {
    let shown: string | undefined;
    const resident = await house.phone({ keyWay: 'rfc4733', codeFor: () => shown });
    const digits = resident.hearsDigits('gate-ask', 2);
    const page = await resident.verify('keypad');
    shown = page.created.code;
    const [first, second] = await digits;
    expect(await page.done).toMatchObject({ status: 'verified', gateDigits: 2 });
    expect(transcriptOf(await resident.callIsOver())).toEqual([
      ...GREETING,
      'gate-ask',
      `digit-${first}`,
      `digit-${second}`,
      'keypad-ask',
      'verdict-verified',
      'goodbye',
    ]);
  });

  it('is said again from who calls at a star, and passed by whoever hears it out and then keys', async () => {
    const resident = await house.phone({ passGate: false });
    const first = resident.hearsDigits('gate-ask', 2);
    const page = await resident.verify('spoken', 'fr');
    const before = await first;
    const again = resident.hearsDigits('operator-name', 2);
    await resident.key('*');
    const spoken = resident.next('code');
    expect(await again).toBe(before);
    await resident.key(before);
    const { code } = await spoken;
    expect(await page.type(code)).toMatchObject({ status: 'verified' });
  });
});
