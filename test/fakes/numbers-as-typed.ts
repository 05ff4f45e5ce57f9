import { numberKindOf } from '../../server/verification/number-kind.ts';
import type { NumberPlan } from '../../server/verification/phone-number.ts';

/** Takes what is typed for a number, whatever it is. */
export const NUMBERS_AS_TYPED: NumberPlan = {
  read: (to) => ({ to, kind: numberKindOf(to) }),
  normalise: (typed) => typed,
};
