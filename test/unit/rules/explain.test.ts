import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../server/rules/call-limits.ts';
import { countedCall } from '../../../server/rules/counted-call.ts';
import { explainCall } from '../../../server/rules/explain.ts';
import type { Finding, RuleName } from '../../../server/rules/finding.ts';
import type { LedgerLine } from '../../../server/rules/ledger.ts';
import { REFUSED_TYPES } from '../../../server/rules/number-types.ts';
import { parseNumberList } from '../../../server/rules/number-list.ts';
import { parseRateDeck } from '../../../server/rules/rate-deck.ts';
import { REMEDIES } from '../../../server/rules/remedies.ts';
import type { RuleSettings } from '../../../server/rules/rule-book.ts';
import { KeyedHash } from '../../../server/verification/keyed-hash.ts';
import { HOUR, MINUTE } from '../../support/rules-world.ts';

const NOW = 1_700_000_000_000;
const NUMBER = '+12025550123';
const hash = new KeyedHash(new Uint8Array(32).fill(7));
const counted = countedCall({ callId: 'any', relyingParty: 'shop', to: NUMBER }, { hash, deck: undefined, now: NOW });

const SETTINGS: RuleSettings = {
  countries: ['US'],
  refusedTypes: REFUSED_TYPES,
  numberList: [],
  limits: DEFAULT_LIMITS,
  deck: undefined,
  caps: {},
  breaker: { threshold: 0.2, sample: { range: 10, destination: 50 }, stopFor: HOUR },
  partyLimits: () => [],
  longestCall: 2 * MINUTE,
};
const DECK = parseRateDeck('prefix,price,currency\n+1202,0.5,USD\n');

/** Calls that began so long ago and are over, to numbers that each have these keys; by default those of `NUMBER`. */
function calls(ago: readonly number[], keys: Partial<Extract<LedgerLine, { type: 'call' }>> = {}): LedgerLine[] {
  const { number, range, destination } = counted;
  return ago.flatMap((ms, index): LedgerLine[] => {
    const call = `call-${index}`;
    const where = { ...(range !== undefined && { range }), ...(destination !== undefined && { destination }) };
    return [
      { type: 'call', at: NOW - ms, call, number, ...where, ...keys },
      { type: 'ended', at: NOW - ms, call },
    ];
  });
}

function without(lines: readonly LedgerLine[]): LedgerLine[] {
  return lines.filter(({ type }) => type !== 'ended');
}

interface Case {
  readonly to?: string;
  readonly settings?: Partial<RuleSettings>;
  readonly lines?: readonly LedgerLine[];
  readonly isListed?: boolean;
  readonly words: RegExp;
}

/** For each rule a number that it refuses, and what an operator reads; but for those that only a request can break. */
const REFUSALS: Readonly<Record<Exclude<RuleName, 'user-calls' | 'address-calls' | 'party-calls'>, Case>> = {
  'number-list': { settings: { numberList: parseNumberList('block +1202*') }, words: /\+1202.* are blocked$/ },
  'do-not-call': {
    isListed: true,
    words: /^on the do-not-call list: whoever answered said that nobody there asked for a call$/,
  },
  country: { to: '+442079460123', words: /^GB is not in RINGPROOF_COUNTRIES \(US\)$/ },
  'number-type': { to: '+19005550123', words: /^premium numbers are not rung$/ },
  network: { to: '+881612345678', settings: { countries: undefined }, words: /^\+881 is .*satellite/ },
  'wrong-codes': {
    lines: Array.from({ length: 6 }, () => ({ type: 'wrong', at: NOW - 1, number: counted.number })),
    words: /^6 wrong codes in a row of at most 100: the next one may come 1 minute after the last$/,
  },
  'one-call': { lines: without(calls([HOUR / 60])), words: /^a call to this number is in progress$/ },
  'growing-delay': {
    lines: calls([10_000]),
    words: /^30 seconds must lie between call 1 of the day and the next$/,
  },
  'number-calls': {
    lines: calls([8, 6, 4].map((minutes) => minutes * MINUTE)),
    words: /^calls to this number: 3 of 3 in 10 minutes$/,
  },
  'range-calls': {
    lines: calls(
      Array.from({ length: 15 }, () => MINUTE),
      { number: 'another' },
    ),
    words: /^calls to numbers that differ in the last four digits: 15 of 15 in 10 minutes$/,
  },
  'gateway-calls': {
    lines: calls(
      Array.from({ length: 60 }, () => 1_000),
      { number: 'another', range: 'another', destination: '+44' },
    ),
    words: /^calls to anyone: 60 of 60 in 1 minute$/,
  },
  'concurrent-calls': {
    lines: without(
      calls(
        Array.from({ length: 50 }, () => 2 * MINUTE),
        { number: 'another', range: 'another', destination: '+44' },
      ),
    ),
    words: /^50 of 50 calls at the same time$/,
  },
  price: {
    to: '+12125550123',
    settings: { deck: DECK },
    words: /^no price in the rate deck$/,
  },
  'cost-per-day': {
    settings: { deck: DECK, caps: { perDay: 2_000_000 } },
    lines: calls([HOUR], { number: 'another', range: 'another', destination: '+1202', reserved: 1_500_000 }),
    words: /^1\.5 of 2 USD in a day, this call up to 1$/,
  },
  'verified-share': {
    lines: Array.from({ length: 10 }, () => ({
      type: 'result',
      at: NOW - MINUTE,
      ...(counted.range !== undefined && { range: counted.range }),
      calls: 1,
      verified: false,
    })),
    words: /^stopped: under 20 % of the calls to numbers like this were verified$/,
  },
};

function explained({
  to = NUMBER,
  settings = {},
  lines = [],
  isListed = false,
}: Partial<Case>): readonly Finding<string>[] {
  const refusals = { reasonFor: () => (isListed ? 'reported' : undefined) };
  return explainCall(to, { settings: { ...SETTINGS, ...settings }, lines, refusals, hash, now: NOW });
}

describe('an explanation', () => {
  it.each(Object.entries(REFUSALS))('says that %s refuses, and why', (rule, { words, ...situation }) => {
    const refused = explained(situation).filter(({ allowed }) => !allowed);
    expect(refused).toMatchObject([{ rule, words: expect.stringMatching(words) }]);
  });

  it('asks every rule that there is, and has a remedy for each', () => {
    const asked = explained({ settings: { deck: DECK } }).map(({ rule }) => rule);
    expect(asked.toSorted()).toEqual(Object.keys(REMEDIES).toSorted());
    expect(asked.filter((rule) => REMEDIES[rule].length === 0)).toEqual([]);
  });

  it.each(['sip:desk@pbx.example', '204'])('lets %s through, which no numbering plan knows', (to) => {
    expect(explained({ to }).filter(({ allowed }) => !allowed)).toEqual([]);
  });

  it('does not promise that time helps where one call alone is over the cap', () => {
    const findings = explained({ settings: { deck: DECK, caps: { perDay: 100_000 } } });
    const refusal = findings.find(({ allowed }) => !allowed);
    expect(refusal).toEqual({
      rule: 'cost-per-day',
      allowed: false,
      code: 'number_not_allowed',
      words: 'one call may cost 1 USD, more than all calls in a day together',
    });
  });
});
