import type { NumberKind } from '../verification/number-kind.ts';
import type { Rule } from './rule.ts';

/** Types of numbers that an operator may refuse, in the words of libphonenumber. */
export const NUMBER_TYPES = {
  premium: 'PREMIUM_RATE',
  'shared-cost': 'SHARED_COST',
  personal: 'PERSONAL_NUMBER',
  pager: 'PAGER',
  uan: 'UAN',
  voicemail: 'VOICEMAIL',
  'toll-free': 'TOLL_FREE',
  voip: 'VOIP',
} as const satisfies Record<string, NonNullable<NumberKind['type']>>;
export type NumberTypeName = keyof typeof NUMBER_TYPES;

/**
 * Who rents the first five is paid for each call to them; a pager and a voicemail hold no person. `voip` is for who
 * needs the letter of NIST SP 800-63B-3 §5.1.3.1, and refuses many an honest line.
 */
export const REFUSED_TYPES: readonly NumberTypeName[] = [
  'premium',
  'shared-cost',
  'personal',
  'pager',
  'uan',
  'voicemail',
];

export function numberTypeRule(refused: readonly NumberTypeName[]): Rule {
  return {
    name: 'number-type',
    judge: ({ to, kind: { type } }) => {
      if (!to.startsWith('+')) return yes(() => 'not a number of the telephone network');
      const found = refused.find((name) => NUMBER_TYPES[name] === type);
      if (found === undefined) return yes(() => `${wordsFor(type)} may be rung`);
      return {
        rule: 'number-type',
        allowed: false,
        code: 'number_not_allowed',
        words: () => `${found} numbers are not rung`,
      };
    },
  };
}

function yes(words: () => string) {
  return { rule: 'number-type', allowed: true, words } as const;
}

function wordsFor(type: NumberKind['type']): string {
  return type === undefined ? 'a number of no known type' : type.toLowerCase().replaceAll('_', ' ');
}
