import type { Rule } from './rule.ts';

/** Looks a number up by its keyed hash. */
export interface Refusals {
  /** Why this number is never rung, or undefined. */
  reasonFor(number: string): string | undefined;
}

const WHY: Readonly<Record<string, string>> = {
  reported: 'whoever answered said that nobody there asked for a call',
  operator: 'the operator put it there',
};

export function doNotCallRule(refusals: Refusals): Rule {
  return {
    name: 'do-not-call',
    judge: ({ number, formerNumber }) => {
      const why = refusals.reasonFor(number) ?? (formerNumber && refusals.reasonFor(formerNumber));
      return why === undefined
        ? { rule: 'do-not-call', allowed: true, words: () => 'not on the do-not-call list' }
        : {
            rule: 'do-not-call',
            allowed: false,
            code: 'number_not_allowed',
            words: () => `on the do-not-call list: ${WHY[why] ?? why}`,
          };
    },
  };
}
