import type { Router } from '@koa/router';
import type { Access } from '../access.ts';
import { parseErasure } from '../body.ts';
import type { ErasureView } from '../contract.ts';

/** Forgets one person: for one relying party, or, where none is named, for everyone and in the audit log too. */
export type Erase = (to: string, relyingParty?: string) => Promise<ErasureView>;

/** For a key with the scope `operate`. The number is in the body: addresses end in the logs of proxies. */
export function erasureRoutes(
  router: Router,
  { access, erase }: { readonly access: Access; readonly erase: Erase },
): void {
  router.post('/v1/erasures', async (ctx) => {
    const { relyingParty } = access.overview(ctx, 'operate');
    ctx.body = await erase(parseErasure(ctx.request.body).to, relyingParty);
  });
}
