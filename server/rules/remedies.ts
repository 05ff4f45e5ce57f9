import type { RuleName } from './finding.ts';

const OR_ALLOW = 'or an allow line in the file of RINGPROOF_NUMBER_LIST';

/** What an operator can do about a rule that refuses. */
export const REMEDIES: Readonly<Record<RuleName, string>> = {
  'number-list': 'change the line in the file of RINGPROOF_NUMBER_LIST',
  'do-not-call': 'ringproof do-not-call remove NUMBER, when the person wants to be called again',
  country: `name the country in RINGPROOF_COUNTRIES, ${OR_ALLOW}`,
  'number-type': `RINGPROOF_REFUSED_TYPES, ${OR_ALLOW}`,
  network: 'an allow line in the file of RINGPROOF_NUMBER_LIST, or name the country in RINGPROOF_COUNTRIES',
  'party-calls': 'wait, or the limits of the relying party in the file of RINGPROOF_RELYING_PARTIES',
  'wrong-codes': 'wait, or ringproof forgive NUMBER',
  'one-call': 'wait until the call is over',
  'growing-delay': 'wait',
  'number-calls': 'wait, or RINGPROOF_LIMIT_NUMBER',
  'user-calls': 'wait, or RINGPROOF_LIMIT_USER',
  'address-calls': 'wait, or RINGPROOF_LIMIT_ADDRESS',
  'range-calls': 'wait, or RINGPROOF_LIMIT_RANGE',
  'gateway-calls': 'wait, or RINGPROOF_LIMIT_GATEWAY',
  'concurrent-calls': 'wait, or RINGPROOF_MAX_CALLS',
  price: 'add the prefix to the file of RINGPROOF_RATE_DECK',
  'cost-per-day': 'wait, or RINGPROOF_COST_PER_DAY and RINGPROOF_COST_PER_PREFIX',
  'verified-share': 'see who asks for these calls; wait, or RINGPROOF_MIN_VERIFIED',
};
