import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House, PATIENCE, transcriptOf } from './house.ts';

const DIAL_IN_NUMBER = '+12025550199';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(async () => house.close());

describe.concurrent('a phone that calls in', { timeout: PATIENCE }, () => {
  it('verifies its number with the code that the page shows', async () => {
    let shown: string | undefined;
    const resident = await house.phone({ codeFor: () => shown });
    const page = await resident.verify('dial-in');
    expect(page.created).toMatchObject({ dialIn: { number: DIAL_IN_NUMBER }, call: { state: 'queued' } });
    shown = page.created.code;
    resident.phone.call(DIAL_IN_NUMBER);
    expect(await page.done).toMatchObject({ status: 'verified', call: { caller: { source: 'from' } } });
    expect(transcriptOf(await resident.callIsOver())).toEqual([
      'greeting',
      'operator-name',
      'report-hint',
      'digit-9',
      'keypad-ask',
      'verdict-verified',
      'goodbye',
    ]);
  });

  it('is told when nobody waits for it', async () => {
    const resident = await house.phone();
    resident.phone.call(DIAL_IN_NUMBER);
    expect(transcriptOf(await resident.callIsOver()).slice(-2)).toEqual(['dial-in-unknown', 'goodbye']);
  });
});
