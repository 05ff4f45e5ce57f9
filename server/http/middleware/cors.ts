import type { Middleware } from 'koa';

const DAY_SECONDS = '86400';

/**
 * Lets pages of listed origins call the API with their token. There are no cookies to steal: what a page sees is
 * what its token opens.
 */
export function cors(allows: (origin: string) => boolean): Middleware {
  return function allowOrigins(ctx, next) {
    if (!ctx.path.startsWith('/v1/')) return next();
    ctx.set('Vary', 'Origin');
    const origin = ctx.get('origin');
    if (origin === '' || !allows(origin)) return next();
    ctx.set('Access-Control-Allow-Origin', origin);
    ctx.set('Access-Control-Expose-Headers', 'Location, Retry-After, X-Request-Id');
    if (ctx.method === 'OPTIONS' && ctx.get('access-control-request-method') !== '') {
      ctx.set('Access-Control-Allow-Methods', 'GET, POST, DELETE');
      ctx.set('Access-Control-Allow-Headers', 'Authorization, Content-Type, Idempotency-Key, Last-Event-ID');
      ctx.set('Access-Control-Max-Age', DAY_SECONDS);
      ctx.status = 204;
      return undefined;
    }
    return next();
  };
}
