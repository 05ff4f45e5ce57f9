import type { Middleware } from 'koa';
import { VerificationError } from '../../verification/errors.ts';
import { note } from './request-log.ts';
import { PROBLEM_MEDIA_TYPE, Problem, PROBLEMS, toDocument, type ProblemCode } from '../problem.ts';

/** How long a caller should wait where the domain does not say. */
const RETRY_AFTER_SECONDS = 5;

export type ReportBug = (error: unknown, requestId: string) => void;

/** The one place where a refusal becomes an answer. A bug becomes a bare 500 and is reported. */
export function problems(reportBug: ReportBug): Middleware {
  return async function answerProblems(ctx, next) {
    try {
      await next();
      if (ctx.body === undefined) refuseUnrouted(ctx.status, ctx.response.get('Allow'));
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code === 'internal_error') reportBug(error, String(ctx.state['requestId']));
      ctx.state['problem'] = problem.code;
      if (error instanceof VerificationError && error.rule !== undefined) note(ctx, { rule: error.rule });
      const { status } = PROBLEMS[problem.code];
      ctx.status = status;
      ctx.set(problem.headers);
      if (status === 503 && problem.headers['Retry-After'] === undefined) {
        ctx.set('Retry-After', String(RETRY_AFTER_SECONDS));
      }
      ctx.body = JSON.stringify(toDocument(problem));
      ctx.type = PROBLEM_MEDIA_TYPE;
    }
  };
}

/** What the router answers with a bare status. */
function refuseUnrouted(status: number, allow: string): void {
  if (allow !== '' && (status === 405 || status === 501)) {
    throw new Problem('method_not_allowed', { detail: `Possible here: ${allow}.`, headers: { Allow: allow } });
  }
  if (status === 404 || status === 501) throw new Problem('not_found', { detail: 'There is nothing at this address.' });
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof VerificationError) return fromDomain(error);
  const code = clientFaults[statusOf(error)];
  return code === undefined
    ? new Problem('internal_error', { detail: 'The fault has been logged under the X-Request-Id of this answer.' })
    : new Problem(code, { detail: `${PROBLEMS[code].title}.`, cause: error });
}

/** What koa and its middleware refuse by themselves, by their HTTP status. */
const clientFaults: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid_request',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

function statusOf(error: unknown): number {
  const isHttpError = typeof error === 'object' && error !== null && 'expose' in error && error.expose === true;
  return isHttpError && 'status' in error && typeof error.status === 'number' ? error.status : 500;
}

function fromDomain(error: VerificationError): Problem {
  const { code, message, field, retryAfterSeconds } = error;
  return new Problem(code, {
    detail: message,
    ...(field !== undefined && { errors: [{ field, expected: EXPECTED[code] ?? 'another value', got: 'a text' }] }),
    ...(retryAfterSeconds !== undefined && { headers: { 'Retry-After': String(Math.ceil(retryAfterSeconds)) } }),
    cause: error,
  });
}

const EXPECTED: Partial<Record<VerificationError['code'], string>> = {
  invalid_number: 'a telephone number such as +12025550123',
  unknown_method: 'a method that is possible here',
  number_not_allowed: 'a number that this server may call',
  payee_not_sayable: 'a name that a call can say',
};
