import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'koa-helmet';
import type { Middleware } from 'koa';

/** Our pages load from this server and from nowhere else; nobody frames them. */
export function securityHeaders(): readonly Middleware[] {
  const policy = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        // Not every browser lets 'self' cover the WebSocket of the same host, which the softphone needs.
        connectSrc: ["'self'", webSocketOfSameHost],
      },
    },
    // TLS ends at the operator's proxy, and so does the decision to insist on it.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  return [policy, permissions];
}

/** The softphone needs the microphone; nothing needs anything else. */
const permissions: Middleware = async (ctx, next) => {
  ctx.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(self)');
  await next();
};

function webSocketOfSameHost(request: IncomingMessage, _response: ServerResponse): string {
  const { host = '' } = request.headers;
  // What a client writes into Host ends in a header of ours: only a host and a port may pass.
  return /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
