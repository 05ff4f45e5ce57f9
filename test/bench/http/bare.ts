import { bodyParser } from '@koa/bodyparser';
import { Router } from '@koa/router';
import Koa from 'koa';
import { createServer } from 'node:http';
import type { Target } from './messages.ts';

/** A Koa server with a router and a body parser that answers what ours does, from memory. */
export async function bareTarget(): Promise<Target> {
  const view = {
    id: 'ver_0123456789abcdefghijkl',
    to: '+12025550123',
    method: 'spoken',
    locale: 'en',
    status: 'pending',
    attemptsLeft: 5,
    createdAt: new Date().toISOString(),
    expiresAt: new Date().toISOString(),
    call: { id: 'call_0123456789abcdefghijkl', number: 1, state: 'queued', keys: 0 },
  };
  const created = { ...view, token: `vt_${'x'.repeat(43)}`, code: '0123456789' };
  const router = new Router();
  router.get('/v1/verifications/:id', (ctx) => {
    ctx.body = view;
  });
  router.post('/v1/verifications/:id/check', (ctx) => {
    ctx.body = { status: 'pending', attemptsLeft: 5 };
  });
  router.post('/v1/verifications', (ctx) => {
    ctx.status = 201;
    ctx.body = created;
  });
  const app = new Koa();
  app.use(bodyParser({ enableTypes: ['json'] }));
  app.use(router.routes());
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    made: [{ id: view.id, token: 'vt_bare' }],
    forget: async () => {},
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
