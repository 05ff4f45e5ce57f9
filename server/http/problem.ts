import type { ProblemDocument } from './contract.ts';

/** Every refusal of the API by its stable code: HTTP status and title. `docs/api.md` explains each. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not as the API expects it' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  invalid_idempotency_key: { status: 400, title: 'The Idempotency-Key is not usable' },
  unauthorized: { status: 401, title: 'A valid key or token is needed' },
  insufficient_scope: { status: 403, title: 'This key is not for that' },
  call_denied: { status: 403, title: 'This call is not wanted' },
  number_not_allowed: { status: 403, title: 'This number may not be called' },
  not_found: { status: 404, title: 'There is nothing here' },
  verification_not_found: { status: 404, title: 'No such verification' },
  method_not_allowed: { status: 405, title: 'This method is not possible here' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  verification_closed: { status: 409, title: 'The verification is over' },
  code_not_typed_here: { status: 409, title: 'This code is keyed on the phone' },
  call_in_progress: { status: 409, title: 'A call is in progress' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  unknown_method: { status: 422, title: 'There is no such verification method' },
  unknown_locale: { status: 422, title: 'There is no voice for this language' },
  payee_not_sayable: { status: 422, title: 'No call can say this payee' },
  invalid_number: { status: 422, title: 'This is not a telephone number' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  rate_limited: { status: 429, title: 'Too many tries' },
  header_too_large: { status: 431, title: 'The request headers are too large' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  verification_conflict: { status: 503, title: 'The verification keeps changing' },
  codes_exhausted: { status: 503, title: 'No code is free' },
  storage_unavailable: { status: 503, title: 'Nothing can be kept now' },
  telephony_unavailable: { status: 503, title: 'No call can be placed now' },
  starting: { status: 503, title: 'The server is starting' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof PROBLEMS;

export interface FieldProblem {
  /** JSON pointer into the body (RFC 6901). */
  readonly field: string;
  readonly expected: string;
  /** The kind of what came; never a secret, never a whole number. */
  readonly got: string;
}

export interface ProblemDetails {
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer that refuses: thrown anywhere under the app, written in one place. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, { detail, errors, headers = {}, cause }: ProblemDetails) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** RFC 9457. */
export function toDocument({ code, message, errors }: Problem): ProblemDocument {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:ringproof:problem:${code}`,
    title,
    status,
    code,
    detail: message,
    ...(errors && { errors: errors.map((error) => ({ ...error })) }),
  };
}
