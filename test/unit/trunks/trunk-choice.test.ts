import { describe, expect, it } from 'vitest';
import { trunksFor } from '../../../server/telephony/trunk-choice.ts';
import { mayTryElsewhere } from '../../../sip-gateway/trunks/fail-over.ts';
import { nextTry, type Candidate } from '../../../sip-gateway/trunks/next-try.ts';
import { statusOf } from '../../../sip-gateway/trunks/trunks-status.ts';

const TRUNKS = [
  { name: 'cheap', prefixes: ['+1', '+44'] },
  { name: 'london', prefixes: ['+4420'] },
  { name: 'anywhere' },
  { name: 'desks', prefixes: ['10', 'sip:'] },
];
const names = (to: string, trunk?: string) =>
  trunksFor({ to, ...(trunk !== undefined && { trunk }) }, TRUNKS).map(({ name }) => name);

describe('the trunks that may carry a call', () => {
  it.each([
    ['+12025550123', ['cheap', 'anywhere']],
    ['+442071838750', ['london', 'cheap', 'anywhere']],
    ['+447911123456', ['cheap', 'anywhere']],
    ['+8613800138000', ['anywhere']],
    ['1001', ['desks', 'anywhere']],
    ['2001', ['anywhere']],
    ['sip:desk@pbx.example', ['desks', 'anywhere']],
    ['SIP:desk@pbx.example', ['desks', 'anywhere']],
  ])('to %s are %j: the longest prefix first, then as they are listed, those for everything last', (to, expected) => {
    expect(names(to)).toEqual(expected);
  });

  it('keep their order where they fit equally well', () => {
    const twins = [
      { name: 'a', prefixes: ['+1'] },
      { name: 'b', prefixes: ['+1', '+44'] },
      { name: 'c', prefixes: ['+1'] },
    ];
    expect(trunksFor({ to: '+12025550123' }, twins).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('are the one that the call is to take, and no other', () => {
    expect(names('+442071838750', 'anywhere')).toEqual(['anywhere']);
  });

  it('are none where the one that it is to take carries no such numbers, or is unknown', () => {
    expect(names('+8613800138000', 'london')).toEqual([]);
    expect(names('+12025550123', 'gone')).toEqual([]);
  });
});

const candidate = (name: string, about: Partial<Candidate> = {}) => ({
  name,
  ready: true,
  resting: false,
  wait: 0,
  ...about,
});

describe('the next trunk to be tried', () => {
  const PATIENCE = 5_000;
  const chosen = (...candidates: readonly ReturnType<typeof candidate>[]) => nextTry(candidates, PATIENCE)?.name;

  it('is the best one', () => expect(chosen(candidate('a'), candidate('b'))).toBe('a'));

  it('is the next best where the best is not connected', () =>
    expect(chosen(candidate('a', { ready: false }), candidate('b'))).toBe('b'));

  it('is the next best where the best is full', () =>
    expect(chosen(candidate('a', { wait: undefined }), candidate('b'))).toBe('b'));

  it('is one that takes the call now rather than a better one that lets it wait', () =>
    expect(chosen(candidate('a', { wait: 400 }), candidate('b'))).toBe('b'));

  it('is the one that takes it soonest where all let it wait', () =>
    expect(chosen(candidate('a', { wait: 400 }), candidate('b', { wait: 300 }))).toBe('b'));

  it('is one that failed a moment ago only after all others', () =>
    expect(chosen(candidate('a', { resting: true }), candidate('b', { wait: 900 }))).toBe('b'));

  it('is one that failed a moment ago where there is no other', () =>
    expect(chosen(candidate('a', { resting: true }), candidate('b', { ready: false }))).toBe('a'));

  it('is none where no one takes it in time', () =>
    expect(chosen(candidate('a', { wait: PATIENCE + 1 }), candidate('b', { ready: false }))).toBeUndefined());

  it('is none where there is none', () => expect(chosen()).toBeUndefined());
});

describe('another trunk', () => {
  const silent = { reached: false, hungUp: false };

  it.each([
    [{ outcome: 'trunk-unavailable' }, 'the trunk was not there, or its connection broke'],
    [{ outcome: 'trunk-unavailable', sipStatus: 503 }, 'the trunk is overloaded'],
    [{ outcome: 'trunk-unavailable', sipStatus: 401 }, 'the trunk does not know us'],
    [{ outcome: 'no-answer', sipStatus: 408 }, 'nobody answers behind the trunk'],
    [{ outcome: 'media-failed', sipStatus: 488 }, 'the trunk does not like our media'],
    [{ outcome: 'media-failed' }, 'our media could not be set up for this trunk'],
  ] as const)('may be tried after %j: %s', (end, _why) => {
    expect(mayTryElsewhere({ end, ...silent })).toBe(true);
  });

  it.each([
    [{ outcome: 'busy', sipStatus: 486 }],
    [{ outcome: 'invalid-number', sipStatus: 404 }],
    [{ outcome: 'rejected', sipStatus: 603 }],
    [{ outcome: 'rejected', sipStatus: 403 }],
    [{ outcome: 'no-answer', sipStatus: 480 }],
    [{ outcome: 'no-answer' }],
    [{ outcome: 'unreachable', sipStatus: 480 }],
    [{ outcome: 'media-failed', sipStatus: 200 }],
    [{ outcome: 'completed' }],
  ] as const)('is not tried after %j, which is an answer about the number', (end) => {
    expect(mayTryElsewhere({ end, ...silent })).toBe(false);
  });

  it('is never tried once a phone was reached', () => {
    const end = { outcome: 'trunk-unavailable', sipStatus: 503 } as const;
    expect(mayTryElsewhere({ end, reached: true, hungUp: false })).toBe(false);
  });

  it('is not tried for a call that we ended ourselves', () => {
    expect(mayTryElsewhere({ end: { outcome: 'trunk-unavailable' }, reached: false, hungUp: true })).toBe(false);
  });
});

describe('the status of all trunks', () => {
  const up = { name: 'a', ready: true } as const;
  const refused = { name: 'b', ready: false, reason: 'trunk-refused', detail: 'REGISTER: 403 Forbidden' } as const;
  const starting = { name: 'c', ready: false, reason: 'starting', detail: 'connecting to the trunk' } as const;

  it('is ready while one of them is, and tells of each', () => {
    expect(statusOf([refused, up])).toEqual({ ready: true, trunks: [refused, up] });
  });

  it('gives the reason of the only one as it is', () => {
    expect(statusOf([refused])).toMatchObject({ reason: 'trunk-refused', detail: 'REGISTER: 403 Forbidden' });
  });

  it('names each with its reason where none is ready', () => {
    const gone = { name: 'a', ready: false, reason: 'trunk-unreachable', detail: 'no connection' } as const;
    expect(statusOf([gone, refused])).toMatchObject({
      ready: false,
      reason: 'trunk-unreachable',
      detail: 'a: no connection; b: REGISTER: 403 Forbidden',
    });
  });

  it('is starting as long as one of them may still come up', () => {
    expect(statusOf([refused, starting])).toMatchObject({ ready: false, reason: 'starting' });
  });
});
