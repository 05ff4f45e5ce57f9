import type { MethodName, OutcomeName, VerificationView } from '../../server/http/contract.ts';

/** What a visitor can do next. The first is the one to suggest. */
export type WayOn =
  /** Another call of this verification, with a fresh code. */
  | 'call-again'
  /** A new verification of the same number by the same method. */
  | 'try-again'
  /** The same, after one that came to its end. */
  | 'start-again'
  /** The same number by the other method. */
  | 'other-method'
  | 'change'
  | 'change-number'
  | 'another'
  | 'cancel';

/** Outcomes that another method may cure: the keys or the code did not make it. */
const CURED_BY_OTHER_METHOD: ReadonlySet<OutcomeName> = new Set(['no-input', 'wrong-code']);

const NEEDS_ANOTHER_NUMBER: ReadonlySet<OutcomeName> = new Set(['invalid-number', 'blocked', 'reported']);

/** Every state of a verification has a way on. */
export function waysOn(
  { status, reason, method, call }: VerificationView,
  methods: readonly MethodName[],
): readonly WayOn[] {
  // The visitor calls: nothing that we can do is the next step.
  if (status === 'pending' && method === 'dial-in') {
    return call.state === 'queued' || call.state === 'ended' ? ['cancel', 'call-again', 'change'] : ['cancel'];
  }
  if (status === 'pending') return call.state === 'ended' ? ['call-again', 'change', 'cancel'] : ['cancel'];
  if (status === 'verified') return ['another'];
  if (status !== 'failed') return ['start-again', 'change'];
  if (reason === undefined || reason === 'superseded') return ['try-again', 'change'];
  if (NEEDS_ANOTHER_NUMBER.has(reason)) return ['change-number'];
  if (CURED_BY_OTHER_METHOD.has(reason) && methods.length > 1) return ['try-again', 'other-method', 'change-number'];
  return ['try-again', 'change'];
}
