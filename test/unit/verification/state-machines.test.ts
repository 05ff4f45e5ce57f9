import { describe, expect, it } from 'vitest';
import { CALL_STATES, canCallMove } from '../../../server/verification/call.ts';
import { isFinal, settle, VERIFICATION_STATUSES } from '../../../server/verification/verification.ts';
import { aVerification } from '../../fakes/a-verification.ts';

const FINAL = ['verified', 'failed', 'locked', 'expired', 'canceled'] as const;

describe('a verification', () => {
  it('is final in every status but pending', () => {
    expect(VERIFICATION_STATUSES.filter((status) => isFinal(status))).toEqual(FINAL);
  });

  it.each(FINAL)('goes from pending to %s and loses its code', (status) => {
    const settled = settle(aVerification(), status);
    expect(settled.status).toBe(status);
    expect(settled).not.toHaveProperty('codeHash');
  });

  it.each(FINAL.flatMap((from) => FINAL.map((to) => [from, to] as const)))('never goes from %s to %s', (from, to) => {
    expect(() => settle(aVerification({ status: from }), to)).toThrow(`A ${from} verification cannot become ${to}`);
  });
});

describe('a call', () => {
  it('never goes back or stays', () => {
    const backward = CALL_STATES.flatMap((from, at) => CALL_STATES.slice(0, at + 1).map((to) => [from, to] as const));
    expect(backward.filter(([from, to]) => canCallMove(from, to))).toEqual([]);
  });

  it('can end from every state but the end', () => {
    expect(CALL_STATES.filter((state) => canCallMove(state, 'ended'))).toEqual(CALL_STATES.slice(0, -1));
  });

  it('does not collect a code that it has spoken', () => {
    expect(canCallMove('speaking', 'collecting')).toBe(false);
  });
});
