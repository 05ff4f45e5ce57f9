import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { House, notQuite, PATIENCE, transcriptOf } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await House.open({ RINGPROOF_RING_TIMEOUT: '5s' });
});
afterAll(async () => house.close());

describe.concurrent('a call that does not get through', { timeout: PATIENCE }, () => {
  it.each([
    ['is busy', { manner: { onRing: 'busy' }, reason: 'busy', end: 'busy' }],
    ['is rejected', { manner: { onRing: 'reject' }, reason: 'rejected', end: 'rejected' }],
    ['is not answered', { manner: { onRing: 'ignore' }, reason: 'no-answer', end: 'canceled' }],
  ] as const)('%s, and the verification fails with that reason', async (_does, { manner, reason, end }) => {
    const resident = await house.phone(manner);
    const page = await resident.verify('keypad');
    expect(await page.done).toMatchObject({ status: 'failed', reason, call: { state: 'ended', outcome: reason } });
    expect((await resident.callIsOver()).end).toBe(end);
  });

  it('goes to nobody where no phone has that number', async () => {
    const resident = await house.phone();
    await resident.phone.close();
    const page = await resident.verify('spoken');
    expect(await page.done).toMatchObject({ status: 'failed', reason: expect.stringMatching(/no-answer|unreachable/) });
  });
});

describe.concurrent('a call that was answered', { timeout: PATIENCE }, () => {
  it('ends the verification as hung-up when the phone holder leaves before keying', async () => {
    const resident = await house.phone({ hangUpAfter: 1_000 });
    const page = await resident.verify('keypad');
    expect(await page.done).toMatchObject({ status: 'failed', reason: 'hung-up' });
  });

  it('ends the verification as wrong-code after three wrong codes, and says so on the phone', async () => {
    let shown = '';
    const resident = await house.phone({ codeFor: () => notQuite(shown) });
    const page = await resident.verify('keypad');
    shown = page.created.code ?? '';
    expect(await page.done).toMatchObject({ status: 'failed', reason: 'wrong-code', attemptsLeft: 2 });
    expect(transcriptOf(await resident.callIsOver()).slice(-5)).toEqual([
      'keypad-ask',
      'keypad-wrong',
      'keypad-wrong',
      'verdict-failed',
      'goodbye',
    ]);
  });

  it('may be followed by another call with a fresh code while the verification is pending', async () => {
    const resident = await house.phone();
    const first = resident.next('code');
    const page = await resident.verify('spoken');
    const { code: old } = await first;
    resident.phone.currentCall?.hangUp();
    await resident.callIsOver();
    await vi.waitUntil(() => page.seen.at(-1)?.call.state === 'ended', { timeout: 10_000 });
    expect(page.seen.at(-1)?.status).toBe('pending');

    const second = resident.next('code');
    await page.callAgain();
    const { code } = await second;
    expect(await page.type(old === code ? notQuite(code) : old)).toMatchObject({ status: 'pending', attemptsLeft: 4 });
    expect(await page.type(code)).toMatchObject({ status: 'verified' });
    expect(transcriptOf(await resident.callIsOver()).slice(-2)).toEqual(['verdict-verified', 'goodbye']);
  });
});

describe.concurrent('a verification that its owner cancels', { timeout: PATIENCE }, () => {
  it('stops the ringing', async () => {
    const resident = await house.phone({ onRing: 'ignore' });
    const ringing = resident.next('ringing');
    const page = await resident.verify('keypad');
    await ringing;
    await page.cancel();
    expect((await resident.callIsOver()).end).toBe('canceled');
    expect(await page.done).toMatchObject({ status: 'canceled', call: { outcome: 'canceled' } });
  });

  it('ends the call', async () => {
    const resident = await house.phone();
    const greeted = resident.hears('greeting');
    const page = await resident.verify('spoken');
    await greeted;
    await page.cancel();
    expect((await resident.callIsOver()).end).toBe('caller-hung-up');
    expect(await page.done).toMatchObject({ status: 'canceled', call: { outcome: 'canceled' } });
  });
});
