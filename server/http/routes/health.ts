import type { Router } from '@koa/router';

/** One part of the server, and why it cannot work where it cannot, or may not for long. */
type PartReadiness =
  | { readonly ready: true; readonly warning?: string }
  | { readonly ready: false; readonly reason: string; readonly detail: string };

export interface Readiness {
  readonly store: PartReadiness;
  /** Ready while one trunk is; `trunks` says how each of them is. */
  readonly telephony: PartReadiness & { readonly trunks?: readonly (PartReadiness & { readonly name: string })[] };
}

/** `/healthz`: the process answers. `/readyz`: a verification can be made now, or why not. */
export function healthRoutes(router: Router, readiness: () => Promise<Readiness>): void {
  router.get('/healthz', (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { status: 'ok' };
  });

  router.get('/readyz', async (ctx) => {
    const parts = await readiness();
    const ready = parts.store.ready && parts.telephony.ready;
    ctx.set('Cache-Control', 'no-store');
    ctx.status = ready ? 200 : 503;
    if (!ready) ctx.set('Retry-After', '5');
    ctx.body = { status: ready ? 'ready' : 'unavailable', ...parts };
  });
}
