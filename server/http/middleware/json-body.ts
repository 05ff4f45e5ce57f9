import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';
import { Problem } from '../problem.ts';

const LIMIT_BYTES = 8 * 1024;

/**
 * Refuses every body but plain JSON. Insisting on the content type also keeps other web sites out: a page of
 * another origin cannot send `application/json` without asking first (Fetch standard, CORS-safelisted headers).
 */
export function onlyJson(): Middleware {
  return function refuseOtherBodies(ctx, next) {
    const { headers } = ctx.req;
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (hasBody && (!ctx.is('application/json') || headers['content-encoding'] !== undefined)) {
      throw new Problem('unsupported_media_type', {
        detail: 'Send the body as Content-Type: application/json, without a Content-Encoding.',
        headers: STOP_READING,
      });
    }
    return next();
  };
}

export function readJson(): Middleware {
  const parse = bodyParser({
    enableTypes: ['json'],
    jsonLimit: `${LIMIT_BYTES}b`,
    // A bare number or text is JSON too; that it is no object is for the parser of the body to say.
    jsonStrict: false,
    onError(error) {
      if ('type' in error && error.type === 'entity.too.large') {
        const detail = `A body has at most ${LIMIT_BYTES} bytes.`;
        throw new Problem('body_too_large', { detail, headers: STOP_READING });
      }
      // The parser's own words quote the body, which may hold a code: they stay out of the answer.
      throw new Problem('invalid_json', { detail: 'The body could not be read as JSON.' });
    },
  });
  // Nothing else of ours has a body; the parser takes its time to find that out.
  return (ctx, next) => (ctx.method === 'POST' ? parse(ctx, next) : next());
}

/** We will not read what follows; a reused connection would have to. */
const STOP_READING = { Connection: 'close' } as const;
