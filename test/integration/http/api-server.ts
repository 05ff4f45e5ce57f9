import { Router } from '@koa/router';
import { onTestFinished } from 'vitest';
import { countryReader } from '../../../server/commands/number-plan.ts';
import { createApp, type AppDeps } from '../../../server/http/app.ts';
import type { RequestEntry } from '../../../server/http/middleware/request-log.ts';
import type { CreatedVerificationView, ProblemDocument } from '../../../server/http/contract.ts';
import { localesOf } from '../../../server/http/locale.ts';
import { viewOf } from '../../../server/http/view.ts';
import { WebServer } from '../../../server/http/web-server.ts';
import { LiveFeed, type LiveFeedOptions } from '../../../server/live/live-feed.ts';
import { decodeKeyRing } from '../../../server/receipts/key-ring.ts';
import { Receipts } from '../../../server/receipts/receipts.ts';
import { RelyingParties } from '../../../server/relying-parties/relying-parties.ts';
import { keepJson } from '../../../server/storage/kept-json.ts';
import { MemoryStore } from '../../../server/storage/memory-store.ts';
import { createNumberPlan } from '../../../server/verification/phone-number.ts';
import { DEFAULT_POLICY, type VerificationPolicy } from '../../../server/verification/policy.ts';
import { createVerificationService } from '../../../server/verification/verification-unit.ts';
import { FakeTelephony } from '../../fakes/fake-telephony.ts';

export interface ApiServerOptions {
  readonly apiKeys?: AppDeps['apiKeys'];
  readonly parties?: RelyingParties;
  readonly webhooks?: AppDeps['webhooks'];
  readonly openToVisitors?: boolean;
  readonly trustedProxies?: AppDeps['trustedProxies'];
  readonly policy?: Partial<VerificationPolicy>;
  readonly pages?: string;
  readonly feed?: Omit<LiveFeedOptions, 'view'>;
}

export interface Asked {
  readonly method?: string;
  readonly token?: string | undefined;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The real HTTP side with the real domain, on a port of its own; only the telephone is played by the test. */
export async function startApi({
  apiKeys = [],
  parties = new RelyingParties(),
  webhooks,
  openToVisitors,
  trustedProxies,
  policy,
  pages,
  feed: feedOptions,
}: ApiServerOptions = {}) {
  const telephony = new FakeTelephony();
  const store = new MemoryStore();
  const feed = new LiveFeed({ view: viewOf, ...feedOptions });
  const bugs: unknown[] = [];
  const requests: RequestEntry[] = [];
  const numbers = createNumberPlan({ defaultCountry: 'US', sipDomains: [] });
  const verifications = createVerificationService({
    store,
    telephony,
    numbers,
    policy: { ...DEFAULT_POLICY, ...policy },
    secret: new TextEncoder().encode('a secret of the HTTP tests, 32 bytes'),
    now: Date.now,
    onChange: (verification) => feed.publish(verification),
    onError: (error) => bugs.push(error),
  });
  const receipts = await Receipts.open({
    file: await keepJson(undefined, decodeKeyRing),
    issuer: 'urn:ringproof',
    now: Date.now,
    onError: (error) => bugs.push(error),
  });
  const app = await createApp({
    verifications,
    receipts,
    events: feed,
    apiKeys,
    grants: parties.grants,
    parties,
    webhooks,
    locales: () => localesOf(telephony, 'en'),
    countryOf: countryReader(numbers),
    pages: pages ?? '/nonexistent',
    now: Date.now,
    readiness: async () => ({ store: { ready: true }, telephony: telephony.status() }),
    settings: {
      operatorName: 'Ringproof',
      codeLength: policy?.codeLength ?? DEFAULT_POLICY.codeLength,
      methods: ['keypad', 'spoken'],
      defaultCountry: 'US',
      sipAddresses: false,
      openToVisitors: openToVisitors ?? (apiKeys.length === 0 && parties.grants.length === 0),
    },
    trustedProxies,
    erase: async (to, relyingParty) => {
      const erased = await verifications.erase({ to, ...(relyingParty !== undefined && { relyingParty }) });
      return { verifications: erased.verifications.length, webhooks: 0 };
    },
    onRequest: (entry) => requests.push(entry),
    onBug: (error) => bugs.push(error),
  });
  const web = new WebServer();
  const { port } = await web.listen(0, '127.0.0.1');
  web.serve(app.callback());
  onTestFinished(async () => {
    feed.close();
    await verifications.close();
    await web.close();
  });

  const url = `http://127.0.0.1:${port}`;
  async function ask<Body = ProblemDocument>(path: string, asked: Asked = {}): Promise<Answer<Body>> {
    const response = await fetch(`${url}${path}`, requestOf(asked));
    const text = await response.text();
    const body: Body = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body };
  }
  async function create(body: object = {}, asked: Asked = {}): Promise<CreatedVerificationView> {
    const answer = await ask<CreatedVerificationView>('/v1/verifications', {
      method: 'POST',
      body: { to: '+12025550123', method: 'keypad', ...body },
      ...asked,
    });
    if (answer.status !== 201) throw new Error(`not created: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  return {
    url,
    port,
    server: web.server,
    ask,
    create,
    store,
    telephony,
    feed,
    bugs,
    requests,
    verifications,
    routes: routesOf(app),
  };
}

export interface Route {
  readonly method: string;
  /** With `:id` where an id stands. */
  readonly path: string;
}

/** Every route that the app has, as its own router tells: what is added later is in it. */
function routesOf(app: Awaited<ReturnType<typeof createApp>>): readonly Route[] {
  return app.middleware
    .flatMap((middleware) =>
      'router' in middleware && middleware.router instanceof Router ? middleware.router.stack : [],
    )
    .flatMap(({ path, methods }) => methods.map((method) => ({ method, path: String(path) })))
    .filter(({ method }) => method !== 'HEAD');
}

export function requestOf({ method = 'GET', token, body, headers = {} }: Asked): RequestInit {
  return {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}
