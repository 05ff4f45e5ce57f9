import { describe, expect, it } from 'vitest';
import { causeOf, outcomeOf } from '../../../sip-gateway/agent/outcome.ts';

describe('the outcome of a final SIP status', () => {
  it.each([
    [401, 'trunk-unavailable'],
    [403, 'rejected'],
    [404, 'invalid-number'],
    [407, 'trunk-unavailable'],
    [408, 'no-answer'],
    [410, 'invalid-number'],
    [416, 'invalid-number'],
    [480, 'no-answer'],
    [484, 'invalid-number'],
    [486, 'busy'],
    [487, 'no-answer'],
    [488, 'media-failed'],
    [500, 'trunk-unavailable'],
    [502, 'trunk-unavailable'],
    [503, 'trunk-unavailable'],
    [504, 'trunk-unavailable'],
    [600, 'busy'],
    [603, 'rejected'],
    [604, 'invalid-number'],
    [606, 'media-failed'],
    [607, 'rejected'],
    [608, 'rejected'],
    [301, 'unreachable'],
    [400, 'unreachable'],
    [481, 'unreachable'],
    [482, 'unreachable'],
    [699, 'unreachable'],
  ] as const)('%i is %s', (status, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });
});

describe('a vague status with a Q.850 cause', () => {
  it.each([
    [480, 17, 'busy'],
    [480, 19, 'no-answer'],
    [480, 20, 'unreachable'],
    [480, 21, 'rejected'],
    [503, 1, 'invalid-number'],
    [503, 34, 'trunk-unavailable'],
    [500, 3, 'unreachable'],
    [500, 88, 'media-failed'],
    [487, 16, 'no-answer'],
    [503, 16, 'trunk-unavailable'],
  ] as const)('%i with cause %i is %s', (status, cause, outcome) => {
    expect(outcomeOf(status, cause)).toBe(outcome);
  });

  it('does not overrule a clear status', () => {
    expect(outcomeOf(486, 1)).toBe('busy');
    expect(outcomeOf(404, 17)).toBe('invalid-number');
  });
});

describe('the Q.850 cause of a Reason header', () => {
  it.each([
    ['Q.850;cause=17;text="User busy"', 17],
    ['SIP;cause=200, Q.850 ;cause=19', 19],
    ['q.850; cause = 1', 1],
    ['SIP;cause=486', undefined],
    ['Q.850;text="x", SIP;cause=486', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s', (reason, cause) => {
    expect(causeOf(reason)).toBe(cause);
  });
});
