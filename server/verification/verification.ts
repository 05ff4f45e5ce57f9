import type { CallState, KeyTiming, Method, Outcome } from './call.ts';
import type { CallerEvidence } from './caller.ts';
import type { Cost } from './cost.ts';
import type { Terms, Transaction } from './terms.ts';

/**
 * A verification's life: one attempt to prove one number.
 *
 *    pending ──▶ verified
 *       ├──────▶ failed     (no call got through, or it brought no code; `reason` says how it ended)
 *       ├──────▶ locked     (too many wrong codes)
 *       ├──────▶ expired    (time is up)
 *       └──────▶ canceled   (by its owner, or by a newer verification of the same number)
 */
export const VERIFICATION_STATUSES = ['pending', 'verified', 'failed', 'locked', 'expired', 'canceled'] as const;
export type VerificationStatus = (typeof VERIFICATION_STATUSES)[number];

/** Where each status may go next. A status with nowhere to go is final. */
const NEXT = {
  pending: ['verified', 'failed', 'locked', 'expired', 'canceled'],
  verified: [],
  failed: [],
  locked: [],
  expired: [],
  canceled: [],
} as const satisfies Record<VerificationStatus, readonly VerificationStatus[]>;

/** The latest call of a verification. */
export interface CallRecord {
  readonly id: string;
  /** 1 for the first call; each call brings a fresh code. */
  readonly number: number;
  readonly state: CallState;
  /** Keys of the code that have arrived so far. */
  readonly keys: number;
  /** What is remarkable about how they came. */
  readonly keyTiming?: KeyTiming;
  /** The call said the amount and the payee to the end, before any code was spoken or accepted. */
  readonly transactionSpoken?: boolean;
  /** Set once `state` is `ended`. */
  readonly outcome?: Outcome;
  readonly sipStatus?: number;
  /** The trunk that carries it, or was tried last. */
  readonly trunk?: string;
  /** Milliseconds from the answer to the end; absent when nobody answered. */
  readonly answeredMs?: number;
  readonly cost?: Cost;
  /** Of a call that came in: what its network said of the number it came from. */
  readonly caller?: CallerEvidence;
}

export interface Verification {
  readonly id: string;
  readonly relyingParty: string;
  /** Normalised: E.164, a SIP URI or an internal extension. */
  readonly to: string;
  readonly method: Method;
  /** Only of `dial-in`: the number that is to be called, E.164. */
  readonly dialIn?: string;
  readonly locale: string;
  readonly status: VerificationStatus;
  /** Why it failed or was canceled. */
  readonly reason?: Outcome | 'superseded';
  /** HMAC of the live code; gone as soon as the verification is final (single use). */
  readonly codeHash?: string;
  readonly idempotencyKeyHash?: string;
  /** HMAC of the relying party's name for its user. */
  readonly userHash?: string;
  readonly attemptsLeft: number;
  readonly call: CallRecord;
  /** Keys for the switchboard that answers (extension.ts). */
  readonly extension?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Sent as the caller's number instead of the trunk's own. */
  readonly callerId?: string;
  /** The only trunk that its calls may take. */
  readonly trunk?: string;
  /** The relying party's own, for its receipt. */
  readonly nonce?: string;
  readonly transaction?: Transaction;
  /** The place in the list of the word that page and call share; the same for every call. */
  readonly word?: number;
  /** The word itself: an operator's list may change between two starts. */
  readonly wordText?: string;
  readonly terms?: Terms;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When it stopped being pending. */
  readonly settledAt?: number;
  /** When the phone holder said that nobody there had asked for the call; also of one that was over by then. */
  readonly reportedAt?: number;
  readonly expiresAt: number;
  /** Counts the writes; a store refuses a write made from an older one. */
  readonly revision: number;
}

export function isFinal(status: VerificationStatus): boolean {
  return NEXT[status].length === 0;
}

/**
 * Moves to a final status and drops the code, which is of no use any more.
 * Asking for a move the table does not list is a bug of ours, not of the caller.
 */
export function settle(
  verification: Verification,
  status: Exclude<VerificationStatus, 'pending'>,
  reason?: Outcome | 'superseded',
): Verification {
  const allowed: readonly VerificationStatus[] = NEXT[verification.status];
  if (!allowed.includes(status)) throw new TypeError(`A ${verification.status} verification cannot become ${status}`);
  const { codeHash: _spent, ...rest } = verification;
  const outcome = status === 'canceled' ? 'canceled' : 'no-input';
  const call: CallRecord = isAwaited(verification) ? { ...rest.call, state: 'ended', outcome } : rest.call;
  return { ...rest, call, status, ...(reason !== undefined && { reason }) };
}

/** Whether it waits for the person to call; nobody rings anybody. */
export function isAwaited({ method, call }: Pick<Verification, 'method' | 'call'>): boolean {
  return method === 'dial-in' && call.state === 'queued';
}
