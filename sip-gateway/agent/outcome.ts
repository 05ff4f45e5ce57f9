import type { Outcome } from '../../server/verification/call.ts';

/**
 * What the answer to an INVITE means for the verification (RFC 3261 §21, RFC 8688 for 608). A gateway to the
 * telephone network often folds what it heard from there into a vague status; then its Q.850 cause, where it
 * gives one (RFC 3326), tells more.
 */
export function outcomeOf(status: number, cause?: number): Outcome {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 403:
    case 603:
    case 607:
    case 608:
      return 'rejected';
    case 404:
    case 410:
    case 416:
    case 484:
    case 604:
      return 'invalid-number';
    case 488:
    case 606:
      return 'media-failed';
    // The trunk does not know us: no number can be called.
    case 401:
    case 407:
      return 'trunk-unavailable';
    default:
      return (cause === undefined ? undefined : outcomeOfCause(cause)) ?? outcomeOfVagueStatus(status);
  }
}

/** `Reason: Q.850;cause=17;text="User busy"` (RFC 3326 §2). */
export function causeOf(reason: string | undefined): number | undefined {
  const value = /\bQ\.850\s*;[^,]*?\bcause\s*=\s*(\d{1,3})\b/i.exec(reason ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}

function outcomeOfVagueStatus(status: number): Outcome {
  // 480: nobody there to answer. 487 arrives here only when we did not cancel: someone else gave up waiting.
  if (status === 408 || status === 480 || status === 487) return 'no-answer';
  return status >= 500 && status < 600 ? 'trunk-unavailable' : 'unreachable';
}

/** ITU-T Q.850 §2.2.7, those that say something about the number or its owner. */
function outcomeOfCause(cause: number): Outcome | undefined {
  switch (cause) {
    case 17: // user busy
      return 'busy';
    case 18: // no user responding
    case 19: // no answer from user
      return 'no-answer';
    case 21: // call rejected
    case 55: // incoming calls barred within the closed user group
      return 'rejected';
    case 1: // unallocated number
    case 22: // number changed
    case 28: // invalid number format
      return 'invalid-number';
    case 2: // no route to the transit network
    case 3: // no route to the destination
    case 20: // subscriber absent
    case 27: // destination out of order
      return 'unreachable';
    case 34: // no circuit available
    case 38: // network out of order
    case 41: // temporary failure
    case 42: // switching equipment congestion
      return 'trunk-unavailable';
    case 65: // bearer capability not implemented
    case 79: // service not implemented
    case 88: // incompatible destination
      return 'media-failed';
    default:
      return undefined;
  }
}
