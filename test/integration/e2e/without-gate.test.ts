import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digits, House, PATIENCE, transcriptOf } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open({ RINGPROOF_GATE: 'off', RINGPROOF_REPORT_KEY: 'off' });
});
afterAll(async () => house.close());

describe.concurrent('with the gate and the report key off', { timeout: PATIENCE }, () => {
  it('the code is asked for right after the greeting', async () => {
    let shown: string | undefined;
    const resident = await house.phone({ keyWay: 'rfc4733', codeFor: () => shown });
    const page = await resident.verify('keypad');
    shown = page.created.code;
    expect(await page.done).toMatchObject({ status: 'verified' });
    expect(transcriptOf(await resident.callIsOver())).toEqual([
      'greeting',
      'operator-name',
      'keypad-ask',
      'verdict-verified',
      'goodbye',
    ]);
  });

  it('the code is spoken right after the greeting, and the verdict is told once it is typed', async () => {
    const resident = await house.phone();
    const spoken = resident.hearsDigits('code-intro', 6);
    const page = await resident.verify('spoken', 'zh');
    const code = await spoken;
    await page.type(code);
    const call = await resident.callIsOver();
    // The warning comes 0.8 s after the code; on a busy machine its first word may be out before the verdict.
    expect(transcriptOf(call).filter((prompt) => prompt !== 'warning…')).toEqual([
      'greeting',
      'operator-name',
      'code-intro',
      ...digits(code),
      'verdict-verified',
      'goodbye',
    ]);
    expect(await page.done).toMatchObject({ status: 'verified' });
  });
});
