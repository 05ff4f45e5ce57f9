/** The API's refusals that a person can meet; words/ has a sentence for each. */
export type RefusalCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'invalid_idempotency_key'
  | 'unauthorized'
  | 'insufficient_scope'
  | 'call_denied'
  | 'not_found'
  | 'verification_not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'verification_closed'
  | 'code_not_typed_here'
  | 'call_in_progress'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'unknown_method'
  | 'unknown_locale'
  | 'payee_not_sayable'
  | 'invalid_number'
  | 'number_not_allowed'
  | 'idempotency_key_reused'
  | 'header_too_large'
  | 'rate_limited'
  | 'internal_error'
  | 'verification_conflict'
  | 'codes_exhausted'
  | 'storage_unavailable'
  | 'telephony_unavailable'
  | 'starting';

/** The API answered, and the answer is no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Stable and for machines; a newer server may send one that is not a RefusalCode. */
  readonly code: string;
  /** When trying again may help. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, retryAfterSeconds?: number) {
    super(`The API refused: ${code}`);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** True when this page can no longer follow its verification, however often it asks. */
export function isGone(error: unknown): error is Refusal {
  return error instanceof Refusal && (error.status === 401 || error.status === 403 || error.status === 404);
}

/** No answer came: offline, the server is gone, or it took too long. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
