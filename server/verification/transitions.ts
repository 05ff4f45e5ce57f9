import { canCallMove, type KeyTiming, type Outcome, type Verdict } from './call.ts';
import type { CallEnd, CallProgress } from './ports.ts';
import { isAwaited, settle, type CallRecord, type Verification } from './verification.ts';

/** What a submitted code proved, or did not. */
export type CodeCheck = 'match' | 'mismatch';

/** At the very millisecond `expiresAt` the time is up. */
export function isDue(verification: Verification, now: number): boolean {
  return verification.status === 'pending' && now >= verification.expiresAt;
}

/** Applies one submitted code. Every wrong code costs an attempt; the last one locks. */
export function applyCode(verification: Verification, check: CodeCheck): Verification {
  if (check === 'match') return settle(verification, 'verified');
  const attemptsLeft = verification.attemptsLeft - 1;
  const spent = { ...verification, attemptsLeft };
  return attemptsLeft > 0 ? spent : settle(spent, 'locked');
}

/** A code was keyed that came so: it is on the record before anything is decided by the code. */
export function noteTiming(verification: Verification, keyTiming: KeyTiming | undefined): Verification {
  return keyTiming === undefined ? verification : { ...verification, call: { ...verification.call, keyTiming } };
}

/** Undefined when there is nothing to write: the event is of an older call, goes back, or came after the end. */
export function applyProgress(
  verification: Verification,
  callId: string,
  progress: CallProgress,
): Verification | undefined {
  const { call } = verification;
  if (call.id !== callId || call.state === 'ended') return undefined;
  const moves = canCallMove(call.state, progress.state);
  // An event that was overtaken says nothing new about the keys either.
  if (!moves && call.state !== progress.state) return undefined;
  const { keys = call.keys, trunk = call.trunk, transactionSpoken = call.transactionSpoken } = progress;
  if (!moves && keys === call.keys && trunk === call.trunk) return undefined;
  return {
    ...verification,
    call: {
      ...call,
      state: progress.state,
      keys,
      ...(trunk !== undefined && { trunk }),
      ...(transactionSpoken !== undefined && { transactionSpoken }),
    },
  };
}

/**
 * A call has ended. A `keypad` verification ends with it; a `spoken` one lives on if its code was spoken to the
 * end, because the visitor may still be typing (patent, claims 7 and 9: no connection or no code is a failure). A
 * `dial-in` one lives on too: whoever called may call again, until the time is up.
 */
export function applyEnd(verification: Verification, callId: string, end: CallEnd): Verification | undefined {
  if (verification.call.id !== callId || verification.call.state === 'ended') return undefined;
  const call: CallRecord = {
    ...verification.call,
    state: 'ended',
    outcome: end.outcome,
    ...(end.keyTiming !== undefined && { keyTiming: end.keyTiming }),
    ...(end.sipStatus !== undefined && { sipStatus: end.sipStatus }),
    ...(end.trunk !== undefined && { trunk: end.trunk }),
    ...(end.answeredMs !== undefined && { answeredMs: end.answeredMs }),
    ...(end.cost !== undefined && { cost: end.cost }),
  };
  const ended = { ...verification, call };
  if (verification.status !== 'pending') return ended;
  if (end.outcome === 'reported') return settle(ended, 'failed', 'reported');
  if (verification.method === 'dial-in' || (verification.method === 'spoken' && end.codeDelivered)) return ended;
  return settle(ended, 'failed', failureOf(verification, end));
}

/** The phone holder did not ask for a call of this verification. What is over by then stays so, with the report on it. */
export function applyReport(verification: Verification, now: number): Verification | undefined {
  if (verification.reportedAt !== undefined) return undefined;
  const reported = { ...verification, reportedAt: now };
  return verification.status === 'pending' ? settle(reported, 'failed', 'reported') : reported;
}

/** `completed` is no reason to fail; a call that says so without a verdict brought nothing, or the wrong thing. */
function failureOf({ method }: Verification, end: CallEnd): Outcome {
  if (end.outcome !== 'completed') return end.outcome;
  return method === 'keypad' && end.codeDelivered ? 'wrong-code' : 'no-input';
}

/**
 * Nobody will ever report how this call ended: its process is gone, or is going. What the phone holder may have
 * heard is still good: a `spoken` verification whose call had reached its code stays open for typing.
 */
export function applyLoss(verification: Verification, callId: string, outcome: Outcome): Verification | undefined {
  const { state } = verification.call;
  // Nobody has called yet: there is nothing to lose.
  if (isAwaited(verification)) return undefined;
  return applyEnd(verification, callId, { outcome, codeDelivered: state === 'speaking' || state === 'verdict' });
}

/** What the phone holder is to be told about a code that left the verification so. */
export function verdictOf({ status }: Verification): Verdict {
  return status === 'pending' ? 'wrong-code' : status;
}
