import { bodyParser } from '@koa/bodyparser';
import { Router } from '@koa/router';
import Koa from 'koa';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../../server/http/app.ts';
import { viewOf } from '../../../server/http/view.ts';
import { WebServer } from '../../../server/http/web-server.ts';
import { LiveFeed } from '../../../server/live/live-feed.ts';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import type { Telephony } from '../../../server/verification/ports.ts';
import { createNumberPlan } from '../../../server/verification/phone-number.ts';
import { DEFAULT_POLICY } from '../../../server/verification/policy.ts';
import { createVerificationService } from '../../../server/verification/verification-unit.ts';
import type { FromTarget, ToTarget } from './messages.ts';

/**
 * The process that is measured: `bare`, a Koa server with a router that answers a text of the same size from memory;
 * or ours, whole, on lowdb with so many live verifications, and with a telephone that never rings.
 */
const [kind = 'bare', live = '0'] = process.argv.slice(2);
const say = (message: FromTarget): void => void process.send?.(message);

const close = kind === 'bare' ? await bare() : await ours(Number(live));

let cpuBefore = process.cpuUsage();
process.on('message', (message: ToTarget) => {
  switch (message.type) {
    case 'cpu': {
      const { user, system } = process.cpuUsage(cpuBefore);
      cpuBefore = process.cpuUsage();
      say({ type: 'cpu', milliseconds: (user + system) / 1_000 });
      break;
    }
    case 'stop':
      void close().then(() => process.exit(0));
      break;
  }
});
process.on('disconnect', () => process.exit(1));

async function bare(): Promise<() => Promise<void>> {
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
  const router = new Router();
  router.get('/v1/verifications/:id', (ctx) => {
    ctx.body = view;
  });
  router.post('/v1/verifications/:id/check', (ctx) => {
    ctx.body = { status: 'pending', attemptsLeft: 5 };
  });
  router.post('/v1/verifications', (ctx) => {
    ctx.status = 201;
    ctx.body = view;
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
  say({ type: 'listening', port: typeof address === 'object' ? (address?.port ?? 0) : 0, made: [] });
  return async () => {
    server.closeAllConnections();
    server.close();
  };
}

async function ours(count: number): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'ringproof-bench-'));
  const store = await LowdbStore.open(join(folder, 'ringproof.json'));
  const telephony: Telephony = {
    status: () => ({ ready: true }),
    place: () => ({ tell: () => {}, hangUp: () => {} }),
    close: async () => {},
  };
  const feed = new LiveFeed({ view: viewOf });
  const verifications = createVerificationService({
    store,
    telephony,
    numbers: createNumberPlan({ defaultCountry: 'US', sipDomains: [] }),
    // A bench guesses wrong far more often than anyone may.
    policy: { ...DEFAULT_POLICY, wrongCodes: 1_000_000 },
    secret: new Uint8Array(32).fill(1),
    now: Date.now,
    onChange: (verification) => feed.publish(verification),
  });
  const app = await createApp({
    verifications,
    events: feed,
    readiness: async () => ({ store: { ready: true }, telephony: telephony.status() }),
    apiKeys: [],
    defaultLocale: 'en',
    settings: {
      operatorName: 'Ringproof',
      codeLength: DEFAULT_POLICY.codeLength,
      methods: ['keypad', 'spoken'],
      locales: ['en'],
      defaultCountry: 'US',
      openToVisitors: true,
    },
    pages: folder,
    now: Date.now,
    onRequest: () => {},
    onBug: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const made: { id: string; token: string }[] = [];
  const createOne = async (n: number): Promise<void> => {
    const to = `+1202${String(9_999_999 - n)}`;
    const { verification, token } = await verifications.create({
      relyingParty: '*public',
      to: to,
      method: 'spoken',
      locale: 'en',
    });
    made.push({ id: verification.id, token });
  };
  for (let from = 0; from < count; from += 500) {
    await Promise.all(Array.from({ length: Math.min(500, count - from) }, async (_, n) => createOne(from + n)));
  }
  const web = new WebServer();
  const { port } = await web.listen(0, '127.0.0.1');
  web.serve(app.callback());
  say({ type: 'listening', port, made });
  return async () => {
    await web.close();
    feed.close();
    await verifications.close();
    await store.close();
    await rm(folder, { recursive: true });
  };
}
