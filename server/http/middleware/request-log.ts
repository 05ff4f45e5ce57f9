import { randomBytes } from 'node:crypto';
import type { Middleware } from 'koa';

/** One answered request. The route is the pattern, never the address: an address may hold what a person typed. */
export interface RequestEntry {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** Gives every request an id, tells it to the caller, and reports the answer. */
export function requestLog(report: (entry: RequestEntry) => void, now: () => number): Middleware {
  return async function logRequest(ctx, next) {
    const requestId = randomBytes(12).toString('base64url');
    const startedAt = now();
    ctx.state['requestId'] = requestId;
    ctx.set('X-Request-Id', requestId);
    await next();
    const route: unknown = ctx['_matchedRoute'];
    report({
      requestId,
      method: ctx.method,
      route: typeof route === 'string' ? route : 'other',
      status: ctx.status,
      ms: Math.round(now() - startedAt),
    });
  };
}
