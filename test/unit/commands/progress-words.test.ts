import { describe, expect, it } from 'vitest';
import { stepInWords } from '../../../server/commands/progress-words.ts';
import type { VerificationView } from '../../../server/http/contract.ts';

describe('The progress that the terminal shows', () => {
  it.each([
    [1, 'The voice waits for the code: 1 key so far'],
    [2, 'The voice waits for the code: 2 keys so far'],
  ])('counts %i keyed digits in good English', (keys, words) => {
    expect(stepInWords(collecting(keys))).toBe(words);
  });
});

function collecting(keys: number): VerificationView {
  return {
    id: 'ver_1',
    to: '+12025550123',
    method: 'keypad',
    locale: 'en',
    status: 'pending',
    attemptsLeft: 5,
    createdAt: '2026-11-23T23:21:43.316Z',
    expiresAt: '2026-11-23T23:31:43.316Z',
    call: { id: 'call_1', number: 1, state: 'collecting', keys },
  };
}
