import type { Router } from '@koa/router';
import { ApiKeys } from '../api-keys.ts';
import { Problem } from '../problem.ts';

export interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}

/** For Prometheus, with `Authorization: Bearer` and the token of RINGPROOF_METRICS_TOKEN. */
export function metricsRoute(router: Router, source: MetricsSource, token: string): void {
  const keys = new ApiKeys([{ relyingParty: '*metrics', key: token }]);
  router.get('/metrics', async (ctx) => {
    const [, given = ''] = /^bearer +(\S+) *$/i.exec(ctx.get('authorization')) ?? [];
    if (keys.ownerOf(given) === undefined) {
      throw new Problem('unauthorized', {
        detail: 'Send Authorization: Bearer with the token of RINGPROOF_METRICS_TOKEN.',
        headers: { 'WWW-Authenticate': 'Bearer realm="ringproof metrics"' },
      });
    }
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Type', source.contentType);
    ctx.body = await source.text();
  });
}
