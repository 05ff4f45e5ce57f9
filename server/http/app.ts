import { Router } from '@koa/router';
import Koa from 'koa';
import type { VerificationService } from '../verification/service.ts';
import { createAccess } from './access.ts';
import { ApiKeys, type Grant, type KeyOfParty } from './api-keys.ts';
import { addressReader, type TrustedProxies } from './client-address.ts';
import type { PageSettings } from './contract.ts';
import { cors } from './middleware/cors.ts';
import { onlyJson, readJson } from './middleware/json-body.ts';
import { problems, type ReportBug } from './middleware/problems.ts';
import { requestLog, type RequestEntry } from './middleware/request-log.ts';
import { receiptKeyRoutes } from './routes/receipt-keys.ts';
import type { Locales } from './locale.ts';
import { NO_PARTIES, type PartyDirectory } from './relying-parties.ts';
import type { ReceiptIssuer } from './receipt-issuer.ts';
import { isReaderGone } from './reader-gone.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { erasureRoutes, type Erase } from './routes/erasures.ts';
import { metricsRoute, type MetricsSource } from './routes/metrics.ts';
import { healthRoutes, type Readiness } from './routes/health.ts';
import { verificationRoutes, type EventSource } from './routes/verifications.ts';
import { webhookRoutes, type DeadLetters } from './routes/webhooks.ts';
import { staticFiles } from './static-files.ts';

export interface AppDeps {
  readonly verifications: VerificationService;
  readonly events: EventSource;
  readonly readiness: () => Promise<Readiness>;
  readonly apiKeys: readonly KeyOfParty[];
  /** Keys of which only the digest is known. */
  readonly grants?: readonly Grant[] | undefined;
  /** Absent: nobody can be erased over HTTP. */
  readonly erase?: Erase | undefined;
  /** Absent: nothing is told of by webhook. */
  readonly webhooks?: DeadLetters | undefined;
  /** Absent: nobody is restricted. */
  readonly parties?: PartyDirectory | undefined;
  /** Absent: no receipts are given. */
  readonly receipts?: ReceiptIssuer | undefined;
  /** The languages that calls can be held in now: they may become others while the server runs. */
  readonly locales: () => Locales;
  /** Of a destination as it was typed, ISO 3166; undefined when it is no number of the telephone network. */
  readonly countryOf: (to: string) => string | undefined;
  /** Absent: nobody's X-Forwarded-For is believed. */
  readonly trustedProxies?: TrustedProxies | undefined;
  /** Told once of a request that came through a proxy, where none is named. */
  readonly onUnnamedProxy?: (() => void) | undefined;
  /** Also says whether visitors may create without a key. */
  readonly settings: Omit<PageSettings, 'locales'>;
  /** The folder of the built pages. */
  readonly pages: string;
  /** Absent: there is no /metrics. */
  readonly metrics?: { readonly source: MetricsSource; readonly token: string } | undefined;
  /** Origins of other sites whose pages may use the API from a browser. */
  readonly origins?: readonly string[];
  readonly now: () => number;
  readonly onRequest: (entry: RequestEntry) => void;
  readonly onBug: ReportBug;
}

/** Builds the app and listens to nothing; the caller owns the port. */
export async function createApp(deps: AppDeps): Promise<Koa> {
  const { verifications, events, settings, onBug, parties = NO_PARTIES, origins = [] } = deps;
  const router = new Router();
  healthRoutes(router, deps.readiness);
  if (deps.metrics) metricsRoute(router, deps.metrics.source, deps.metrics.token);
  router.get('/v1/settings', (ctx) => {
    ctx.body = { ...settings, locales: deps.locales().available };
  });
  const addressOf = addressReader(deps.trustedProxies ?? { hops: 0 }, deps.onUnnamedProxy);
  const access = createAccess({
    apiKeys: new ApiKeys(deps.apiKeys, deps.grants),
    openCreate: settings.openToVisitors,
    addressOf,
    verifications,
  });
  if (deps.erase) erasureRoutes(router, { access, erase: deps.erase });
  if (deps.webhooks) webhookRoutes(router, { access, webhooks: deps.webhooks });
  verificationRoutes(router, {
    verifications,
    events,
    access,
    locales: deps.locales,
    countryOf: deps.countryOf,
    codeLength: settings.codeLength,
    receipts: deps.receipts,
    parties,
  });
  if (deps.receipts) receiptKeyRoutes(router, deps.receipts);

  const app = new Koa();
  // What fails after an answer has begun can only be reported; a reader that went away is no failure.
  app.on('error', (error: unknown) => {
    if (!isReaderGone(error)) onBug(error, 'after-answer');
  });
  app.use(requestLog({ report: deps.onRequest, now: deps.now, addressOf }));
  app.use(securityHeaders());
  app.use(problems(onBug));
  app.use((ctx, next) => {
    if (ctx.path.startsWith('/v1/')) ctx.set('Cache-Control', 'no-store');
    return next();
  });
  app.use(cors((origin) => origins.includes(origin) || parties.allowsOrigin(origin)));
  app.use(await staticFiles(deps.pages));
  app.use(onlyJson());
  app.use(readJson());
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
