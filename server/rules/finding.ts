/**
 * What one rule says of one call. The words are the operator's: they may tell what a stranger must not learn. They are
 * made when somebody reads them, which of a call that is placed nobody does.
 */
export type Finding<Words = () => string> =
  | { readonly rule: RuleName; readonly allowed: true; readonly words: Words }
  | {
      readonly rule: RuleName;
      readonly allowed: false;
      readonly code: 'number_not_allowed' | 'rate_limited';
      readonly words: Words;
      /** Milliseconds until the rule would say yes, where time alone helps. */
      readonly waitMs?: number;
    };

export type Refusal = Extract<Finding, { readonly allowed: false }>;

/** In the order in which they are asked; the first that refuses decides. */
const RULE_NAMES = [
  'number-list',
  'do-not-call',
  'country',
  'number-type',
  'network',
  'party-calls',
  'wrong-codes',
  'one-call',
  'growing-delay',
  'number-calls',
  'user-calls',
  'address-calls',
  'range-calls',
  'gateway-calls',
  'concurrent-calls',
  'price',
  'cost-per-day',
  'verified-share',
] as const;
export type RuleName = (typeof RULE_NAMES)[number];
