import type { Router } from '@koa/router';
import type { ReceiptIssuer } from '../receipt-issuer.ts';

/** Short enough that a rotation is seen soon; long enough that checking a receipt seldom asks us. */
const CACHE_SECONDS = 300;

/** The public keys of receipts: anyone may have them. */
export function receiptKeyRoutes(router: Router, receipts: Pick<ReceiptIssuer, 'publicKeys'>): void {
  router.get('/.well-known/jwks.json', async (ctx) => {
    ctx.set('Cache-Control', `public, max-age=${CACHE_SECONDS}`);
    ctx.set('Access-Control-Allow-Origin', '*');
    ctx.type = 'application/jwk-set+json';
    ctx.body = JSON.stringify(await receipts.publicKeys());
  });
}
