import type { Router } from '@koa/router';
import type { Access } from '../access.ts';
import { parseNothing } from '../body.ts';
import type { DeadWebhookView, DeadWebhooksView } from '../contract.ts';
import { Problem } from '../problem.ts';

/** Messages that were given up, and a way to try them again. */
export interface DeadLetters {
  dead(relyingParty?: string): readonly DeadLetter[];
  replay(id: string, relyingParty?: string): Promise<boolean>;
}

interface DeadLetter {
  readonly id: string;
  readonly type: string;
  readonly relyingParty: string;
  readonly verification: string;
  readonly attempts: number;
  readonly fault?: string;
  readonly createdAt: number;
  readonly at: number;
}

/** For a key with the scope `operate`: a relying party's own, or, for an operator, everyone's. */
export function webhookRoutes(
  router: Router,
  { access, webhooks }: { readonly access: Access; readonly webhooks: DeadLetters },
): void {
  router.get('/v1/webhooks/dead', (ctx) => {
    const { relyingParty } = access.overview(ctx, 'operate');
    ctx.body = { webhooks: webhooks.dead(relyingParty).map(viewOf) } satisfies DeadWebhooksView;
  });

  router.post('/v1/webhooks/dead/:id/replay', async (ctx) => {
    const { relyingParty } = access.overview(ctx, 'operate');
    parseNothing(ctx.request.body);
    const id = ctx.params['id'] ?? '';
    if (!(await webhooks.replay(id, relyingParty))) {
      throw new Problem('not_found', { detail: 'No such message has been given up.' });
    }
    ctx.status = 202;
    ctx.body = { id };
  });
}

function viewOf({ id, type, relyingParty, verification, attempts, fault, createdAt, at }: DeadLetter): DeadWebhookView {
  return {
    id,
    type,
    relyingParty,
    verification,
    attempts,
    fault: fault ?? 'unknown',
    createdAt: new Date(createdAt).toISOString(),
    deadAt: new Date(at).toISOString(),
  };
}
