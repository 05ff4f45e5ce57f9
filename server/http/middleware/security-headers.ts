import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { Context, Middleware } from 'koa';

/** Data is nothing to load from, to run or to frame. */
const DATA_POLICY = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** What Helmet says, but for the policy, which depends on what is answered. It says the same each time: asked once. */
const HELMET = headersOf({
  contentSecurityPolicy: false,
  // TLS ends at the operator's proxy, and so does the decision to insist on it.
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'no-referrer' },
});
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ...HELMET,
  ['Content-Security-Policy', DATA_POLICY],
  // The softphone needs the microphone; nothing needs anything else.
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(self)'],
];

/** For every answer: pages say their own policy instead of that of data. */
export function securityHeaders(): Middleware {
  return async function setSecurityHeaders({ res }, next) {
    for (const [name, value] of HEADERS) res.setHeader(name, value);
    await next();
  };
}

/** Our pages load from this server and from nowhere else; nobody frames them. */
export function allowPage(ctx: Context): void {
  ctx.set('Content-Security-Policy', PAGE_POLICY + webSocketOfSameHost(ctx.req));
}

const PAGE_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
].join(';');

/** Not every browser lets 'self' cover the WebSocket of the same host, which the softphone needs. */
function webSocketOfSameHost({ headers: { host = '' } }: IncomingMessage): string {
  // What a client writes into Host ends in a header of ours: only a host and a port may pass.
  return /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) ? ` ws://${host} wss://${host}` : '';
}

function headersOf(options: Parameters<typeof helmet>[0]): readonly (readonly [string, string])[] {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(options)(response.req, response, () => {});
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)] as const);
}
