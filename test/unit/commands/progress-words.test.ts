import { describe, expect, it } from 'vitest';
import { ProgressTeller } from '../../../server/commands/progress-words.ts';
import type { VerificationView } from '../../../server/http/contract.ts';

const ringing: VerificationView = {
  id: 'ver_1',
  to: '+12025550123',
  method: 'keypad',
  locale: 'en',
  status: 'pending',
  attemptsLeft: 5,
  createdAt: '2026-11-23T23:21:43.316Z',
  expiresAt: '2026-11-23T23:31:43.316Z',
  call: { id: 'call_1', number: 1, state: 'ringing', keys: 0 },
};

describe('The progress that the terminal shows', () => {
  it.each([
    [1, 'The voice waits for the code: 1 key so far'],
    [2, 'The voice waits for the code: 2 keys so far'],
  ])('counts %i keyed digits in good English', (keys, words) => {
    expect(new ProgressTeller().tell(collecting(keys))).toBe(words);
  });

  it('says a step once, however many views have it', () => {
    const teller = new ProgressTeller();
    expect([teller.tell(ringing), teller.tell({ ...ringing })]).toEqual(['The phone is ringing', undefined]);
  });

  it('says the result alone where the step is the same as before', () => {
    const teller = new ProgressTeller();
    teller.tell(collecting(6));
    expect(teller.tell({ ...collecting(6), status: 'verified' })).toBe('The result: verified');
  });

  it('says the result with each later step, and why where there is a reason', () => {
    const failed = { ...ringing, status: 'failed', reason: 'busy' } as const;
    const ended = { ...failed, call: { ...ringing.call, state: 'ended', outcome: 'busy' } } as const;
    expect(new ProgressTeller().tell(ended)).toBe('The call has ended: busy [failed, busy]');
  });
});

function collecting(keys: number): VerificationView {
  return { ...ringing, call: { ...ringing.call, state: 'collecting', keys } };
}
