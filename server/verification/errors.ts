/** Everything a caller of the domain can be refused for, by the stable name the API shows. */
export type VerificationErrorCode =
  | 'invalid_number'
  /** Nobody can call in here. */
  | 'unknown_method'
  | 'number_not_allowed'
  /** No call can be held in this language. */
  | 'unknown_locale'
  /** The call could not say whom a payment goes to. */
  | 'payee_not_sayable'
  /** Too many calls, or too many wrong codes; which rule it was is not said. */
  | 'rate_limited'
  /** The relying party's own pre-call hook said no. */
  | 'call_denied'
  | 'verification_not_found'
  | 'verification_closed'
  /** A `keypad` or `dial-in` code stands on the page; only the phone may bring it back. */
  | 'code_not_typed_here'
  | 'verification_conflict'
  | 'call_in_progress'
  | 'idempotency_key_reused'
  | 'codes_exhausted'
  /** A change could not be kept: the disk is full or refuses. Nothing of it was done. */
  | 'storage_unavailable'
  | 'telephony_unavailable';

/**
 * An expected refusal: the caller can act on its `code`, and its message is fit to be shown.
 * It never holds a code, a token or a full number. A bug is never a VerificationError.
 */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly code: VerificationErrorCode;
  /** Which input was wrong, as a JSON pointer such as `/to`. */
  readonly field: string | undefined;
  /** When trying again may help. */
  readonly retryAfterSeconds: number | undefined;
  /** The rule that refused; for the records, never to be shown. */
  readonly rule: string | undefined;

  constructor(
    code: VerificationErrorCode,
    message: string,
    details: { field?: string; retryAfterSeconds?: number; rule?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.field = details.field;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.rule = details.rule;
  }
}
