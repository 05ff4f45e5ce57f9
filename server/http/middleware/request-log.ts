import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import { randomText } from '../../verification/random-id.ts';

/** What a route tells about its request. */
export interface RequestNote {
  readonly relyingParty?: string;
  readonly verificationId?: string;
  /** The call that this request placed: the voice server's log joins it to the Call-ID on the wire. */
  readonly callId?: string;
  /** The rule that refused. */
  readonly rule?: string;
  /** What opened the door: a relying party's key, an operator's, or a verification's token; absent: nothing did. */
  readonly by?: 'key' | 'operator' | 'token';
  /** The number of a creation, as it was typed; for records that keep it hashed, never for a log. */
  readonly to?: string;
}

/** One answered request. The route is the pattern, never the address: an address may hold what a person typed. */
export interface RequestEntry extends RequestNote {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Why it was refused. */
  readonly problem?: string;
  /** Where it came from; for records that keep it hashed, never for a log. */
  readonly address: string;
}

/** What the request was about, for its entry. */
export function note(ctx: Context, about: RequestNote): void {
  ctx.state['note'] = Object.assign(notesOf(ctx), about);
}

function notesOf(ctx: Context): RequestNote {
  const noted: RequestNote | undefined = ctx.state['note'];
  return noted ?? {};
}

export interface RequestLogDeps {
  readonly report: (entry: RequestEntry) => void;
  readonly now: () => number;
  /** Where a request came from, behind proxies too. */
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Gives every request an id, tells it to the caller, and reports the answer. */
export function requestLog({ report, now, addressOf }: RequestLogDeps): Middleware {
  return async function logRequest(ctx, next) {
    const requestId = randomText(12);
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
      address: addressOf(ctx.req),
      ...notesOf(ctx),
      ...(typeof ctx.state['problem'] === 'string' && { problem: ctx.state['problem'] }),
    });
  };
}
