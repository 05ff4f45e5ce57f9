import { describe, expect, it } from 'vitest';
import { instruction, ProgressTeller } from '../../../server/commands/progress-words.ts';
import type { VerificationView } from '../../../server/http/contract.ts';
import { aView } from '../../fakes/a-view.ts';

const ringing = aView({ call: { state: 'ringing' } });

describe('The progress that the terminal shows', () => {
  it.each([
    [1, 'The voice waits for the code: 1 key so far'],
    [2, 'The voice waits for the code: 2 keys so far'],
  ])('counts %i keyed digits in good English', (keys, words) => {
    expect(new ProgressTeller().tell(collecting(keys))).toBe(words);
  });

  it.each([
    [1, 'The voice asks for one digit, to know that a person is there'],
    [3, 'The voice asks for 3 digits, to know that a person is there'],
  ])('says how many digits the gate asks for: %i', (gateDigits, words) => {
    const asking = { ...ringing, gateDigits, call: { ...ringing.call, state: 'gate' } } as const;
    expect(new ProgressTeller().tell(asking)).toBe(words);
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

describe('what the terminal tells a visitor to do', () => {
  it.each([
    [0, 'Answer the phone, then key this code: 482 913'],
    [1, 'Answer the phone, press the digit that the voice asks for, then key this code: 482 913'],
    [2, 'Answer the phone, press the 2 digits that the voice asks for, then key this code: 482 913'],
  ])('speaks of as many digits as the gate has: %i', (gateDigits, words) => {
    expect(instruction({ ...ringing, gateDigits, token: 'vt_1', code: '482913' })).toBe(words);
  });
});

function collecting(keys: number): VerificationView {
  return { ...ringing, call: { ...ringing.call, state: 'collecting', keys } };
}
