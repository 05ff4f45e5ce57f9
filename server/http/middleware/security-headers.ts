import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { Context, Middleware } from 'koa';

type Header = readonly [name: string, value: string];

/** Data is nothing to load from, to run or to frame. */
const DATA_POLICY = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** What Helmet says, but for the policy, which depends on what is answered. It says the same each time: asked once. */
const HELMET = headersOf({
  contentSecurityPolicy: false,
  // TLS ends at the operator's proxy, and so does the decision to insist on it.
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'no-referrer' },
});
/** What means something for data too (OWASP REST Security Cheat Sheet): the others are about documents and their scripts. */
const OF_DATA: ReadonlySet<string> = new Set([
  'x-content-type-options',
  'x-frame-options',
  'referrer-policy',
  'cross-origin-resource-policy',
]);
const DATA_HEADERS: readonly Header[] = [
  ...HELMET.filter(([name]) => OF_DATA.has(name)),
  ['content-security-policy', DATA_POLICY],
];
const PAGE_HEADERS: readonly Header[] = [
  ...HELMET.filter(([name]) => !OF_DATA.has(name)),
  // The softphone needs the microphone; nothing needs anything else.
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(self)'],
];

/** For every answer; a page has more to say. */
export function securityHeaders(): Middleware {
  return function setSecurityHeaders({ res }, next) {
    for (const [name, value] of DATA_HEADERS) res.setHeader(name, value);
    return next();
  };
}

/** Our pages load from this server and from nowhere else; nobody frames them. */
export function allowPage({ req, res }: Context): void {
  for (const [name, value] of PAGE_HEADERS) res.setHeader(name, value);
  res.setHeader('content-security-policy', PAGE_POLICY + webSocketOfSameHost(req));
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

function headersOf(options: Parameters<typeof helmet>[0]): readonly Header[] {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(options)(response.req, response, () => {});
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)] as const);
}
