import { setTimeout as sleep } from 'node:timers/promises';
import { createProxy, type Proxy } from '../../sip-gateway/proxy/proxy.ts';
import {
  dialInNumber,
  hasGateway,
  limitsAreOn,
  LOCAL_PROXY_DOMAIN,
  LOCAL_PROXY_PATH,
  proxyAccess,
  type Settings,
} from '../config.ts';
import { createApp } from '../http/app.ts';
import type { PageSettings } from '../http/contract.ts';
import { localesOf, type Locales } from '../http/locale.ts';
import { viewOf } from '../http/view.ts';
import { WebServer } from '../http/web-server.ts';
import { LiveFeed } from '../live/live-feed.ts';
import { errorFields, type Log } from '../log.ts';
import type { Checkpoint } from '../storage/store-folder.ts';
import { ChildProcessTelephony } from '../telephony/child-process-telephony.ts';
import type { TrunkConfig } from '../telephony/messages.ts';
import { METHODS } from '../verification/call.ts';
import { DEFAULT_POLICY } from '../verification/policy.ts';
import type { Erased } from '../verification/service.ts';
import { createVerificationService } from '../verification/verification-unit.ts';
import { CheckpointWatch } from './checkpoint-watch.ts';
import { Closers } from './closers.ts';
import type { Configuration } from './configuration.ts';
import type { Installation } from './installation.ts';
import { openOperations } from './operations.ts';
import { refusePort } from './port-refusal.ts';
import type { RelyingParties } from '../relying-parties/relying-parties.ts';
import { openRelyingParties } from './relying-parties.ts';
import { openReceipts } from './receipts.ts';
import { openWebhooks, withPreCallHook } from './webhooks.ts';
import { countryReader, numberPlanOf } from './number-plan.ts';
import { openRules } from './rules.ts';
import { openStorage } from './storage.ts';
import { isStoreOutage } from './store-outage.ts';
import { SweepTimer } from './sweep-timer.ts';
import { stopped } from './terminal.ts';
import { isLoopback, loopbackOf } from '../loopback.ts';
import { gatewayConfig, localAliases, nameOfTrunk, trunkOfSettings } from './trunk.ts';

export interface ServeOptions {
  readonly settings: Settings;
  readonly installation: Pick<Installation, 'pages' | 'gateway'>;
  /** What the voice server's process may see of the environment. */
  readonly gatewayEnv: Readonly<Record<string, string | undefined>>;
  /** Those of RINGPROOF_TRUNKS; absent: the one that the settings describe. */
  readonly trunks?: readonly TrunkConfig[];
  /** What is in the files that settings name; absent: they are read. */
  readonly files?: Pick<Configuration, 'parties' | 'ruleFiles'>;
  readonly log: Log;
  readonly now: () => number;
  /** Aborted when the server is not wanted any more, be it still starting. */
  readonly stop?: AbortSignal;
}

export interface RunningServer {
  /** Where the pages and the API are, without a slash at the end. */
  readonly url: string;
  readonly telephony: ChildProcessTelephony;
  /** Hangs up, tells every stream, flushes the store. Harmless when called twice. */
  close(): Promise<void>;
}

/** Milliseconds for a start that was broken off. */
const COME_TO_AN_END_WITHIN = 1_000;

/**
 * Opens everything in the order of docs/architecture.md, and closes it in the opposite one.
 * @throws StartError, GatewayConfigError, the storage's own error, or the reason of `stop`; nothing is left open then.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const closers = new Closers();
  try {
    return await unlessStopped(open(options, closers), options.stop);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** Some of what is opened takes long, or for ever, and is not waited for once it is not wanted. */
async function unlessStopped<T>(opening: Promise<T>, stop: AbortSignal | undefined): Promise<T> {
  if (!stop) return opening;
  const givenUp = stopped(stop).then(async (): Promise<never> => {
    await sleep(COME_TO_AN_END_WITHIN);
    throw stop.reason;
  });
  return Promise.race([opening, givenUp]);
}

async function open(
  { settings, installation, gatewayEnv, trunks, files, log, now, stop }: ServeOptions,
  closers: Closers,
): Promise<RunningServer> {
  const onError = (error: unknown, what: string) =>
    log(isStoreOutage(error) ? 'debug' : 'error', 'fault', { what, ...errorFields(error) });

  const trunkNames = trunks?.map(({ name }) => name) ?? [nameOfTrunk(settings)];
  const parties = files?.parties ?? (await openRelyingParties(settings, trunkNames));
  const checkpoints = new CheckpointWatch(log, now);
  const onCheckpoint = (checkpoint: Checkpoint): void => checkpoints.report(checkpoint);
  const { store, secret } = await openStorage(settings, { signal: stop, onCheckpoint });
  closers.add(async () => store.close());
  const onRefused = (rule: string): void => operations.refused(rule);
  const rules = await openRules(settings, { parties, files: files?.ruleFiles, secret, log, now, onError, onRefused });
  closers.add(async () => rules.close());

  const web = new WebServer();
  const address = await web.listen(settings.PORT, settings.HOST).catch((error: unknown) => refusePort(error, settings));
  closers.add(async () => web.close());

  const host = loopbackOf(address);
  let proxyUrl = `ws://${host}:${address.port}${LOCAL_PROXY_PATH}`;
  const proxy = openProxy(settings, now);
  if (proxy) {
    closers.add(async () => proxy.close());
    proxy.attach(web.server, LOCAL_PROXY_PATH);
    // It serves loopback addresses only, and from this HOST the agent would not come from one.
    if (proxyAccess(settings) === 'loopback' && !isLoopback(host)) proxyUrl = await proxy.listen({ port: 0 });
  }

  const receipts = await openReceipts(settings, { closers, now, onError });

  const webhooks = await openWebhooks({ settings, parties, receipts, closers, log, now, onError });

  const telephony = new ChildProcessTelephony({
    script: installation.gateway,
    env: gatewayEnv,
    config: gatewayConfig(settings, trunks ?? [trunkOfSettings(settings, proxyUrl)]),
    log,
    onError,
    now,
  });
  closers.add(async () => telephony.close());
  await telephony.start();
  const locales = (): Locales => localesOf(telephony, settings.RINGPROOF_LOCALE);
  for (const unspoken of parties.voiceless(locales().available)) log('warn', 'relying-party.voiceless', unspoken);

  const numbers = numberPlanOf(settings);
  const operations = await openOperations(settings, {
    store,
    secret,
    checkpoints,
    numbers,
    telephonyStatus: () => telephony.status(),
    closers,
    log,
    now,
    onError,
  });
  rules.onDecision((decision) => operations.decided(decision));

  const feed = new LiveFeed({ view: viewOf });
  const dialIn = dialInNumber(settings);
  const unit = createVerificationService({
    store: operations.store,
    telephony,
    secret,
    now,
    network: hasGateway(settings) ? 'gateway' : 'local-proxy',
    admission: rules.admission,
    doNotCall: rules.register,
    numbers,
    policy: {
      ...DEFAULT_POLICY,
      codeLength: settings.RINGPROOF_CODE_LENGTH,
      codeTtl: settings.RINGPROOF_CODE_TTL,
      gateDigits: settings.RINGPROOF_GATE ? settings.RINGPROOF_GATE_DIGITS : 0,
      extensionWait: settings.RINGPROOF_EXTENSION_WAIT,
      speaksNames: settings.RINGPROOF_SPEECH_COMMAND !== undefined,
      ...(settings.RINGPROOF_REPORT_KEY !== 'off' && { reportKey: settings.RINGPROOF_REPORT_KEY }),
      retention: settings.RINGPROOF_RETENTION,
    },
    ...(dialIn !== undefined && {
      dialIn: {
        number: dialIn,
        locale: settings.RINGPROOF_LOCALE,
        validation: settings.RINGPROOF_DIAL_IN_VERSTAT,
        onCall: (result) => {
          operations.cameIn(result);
          log('info', 'call.decided', { result });
        },
      },
    }),
    onChange: (verification, before) => {
      feed.publish(verification);
      webhooks.publish(verification);
      operations.changed(verification, before);
    },
    onError,
  });
  const verifications = withPreCallHook(unit, {
    settings,
    parties,
    numbers,
    locales,
    trunkNames,
    log,
    now,
  });
  closers.add(async () => verifications.close());
  closers.add(async () => feed.close());
  await verifications.recover();
  if (parties.hasWebhooks) webhooks.recover(await store.list({ limit: Infinity }));

  const sweeping = new SweepTimer(async () => verifications.sweep(), onError);
  closers.add(async () => sweeping.close());

  const app = await createApp({
    verifications,
    events: feed,
    readiness: async () => operations.readiness(),
    metrics: operations.metrics,
    origins: settings.RINGPROOF_ORIGINS,
    apiKeys: settings.RINGPROOF_API_KEYS,
    grants: parties.grants,
    parties,
    webhooks,
    erase: async (to, relyingParty) => {
      let messages = 0;
      const forgetRest = async (erased: Erased): Promise<void> => {
        messages = await webhooks.forget({ ...erased, relyingParty });
        if (relyingParty === undefined) await operations.erased(erased.to, erased.verifications.length);
      };
      const scope = relyingParty === undefined ? {} : { relyingParty };
      const { verifications: gone } = await verifications.erase({ to, ...scope, forgetRest });
      return { verifications: gone.length, webhooks: messages };
    },
    receipts,
    locales,
    countryOf: countryReader(numbers),
    trustedProxies: settings.RINGPROOF_TRUSTED_PROXIES,
    onUnnamedProxy: () => tellOfProxy(settings, log),
    settings: { ...pageSettings(settings), openToVisitors: isOpenToVisitors(settings, parties) },
    pages: installation.pages,
    now,
    onRequest: (entry) => operations.asked(entry),
    onBug: (error, requestId) => log('error', 'http.bug', { requestId, ...errorFields(error) }),
  });
  web.serve(app.callback());
  closers.add(async () => web.stopAccepting());

  const url = `http://${host}:${address.port}`;
  return { url, telephony, close: async () => closers.close() };
}

function openProxy(settings: Settings, clock: () => number): Proxy | undefined {
  const access = proxyAccess(settings);
  if (access === 'off') return undefined;
  return createProxy({
    domain: LOCAL_PROXY_DOMAIN,
    password: settings.RINGPROOF_PROXY_PASSWORD,
    open: access === 'open',
    clock,
    aliases: localAliases(settings),
  });
}

/** Whoever is far away comes through it: that this is a test bed, without limits, was concluded from HOST and may be wrong. */
function tellOfProxy(settings: Settings, log: Log): void {
  const limits = limitsAreOn(settings) ? 'on' : 'off';
  log(hasGateway(settings) && limits === 'off' ? 'error' : 'warn', 'proxy.unnamed', {
    setting: 'RINGPROOF_TRUSTED_PROXIES',
    limits,
  });
}

/** A server on which nobody has a key yet is being tried out. */
function isOpenToVisitors(settings: Settings, { grants }: RelyingParties): boolean {
  return settings.RINGPROOF_OPEN_CREATE ?? (settings.RINGPROOF_API_KEYS.length === 0 && grants.length === 0);
}

function pageSettings(settings: Settings): Omit<PageSettings, 'openToVisitors' | 'locales'> {
  const hasProxy = proxyAccess(settings) !== 'off';
  const dialIn = dialInNumber(settings);
  const passwordRequired = settings.RINGPROOF_PROXY_PASSWORD !== undefined;
  return {
    operatorName: settings.RINGPROOF_OPERATOR_NAME,
    codeLength: settings.RINGPROOF_CODE_LENGTH,
    methods: METHODS.filter((method) => method !== 'dial-in' || dialInNumber(settings) !== undefined),
    ...(dialIn !== undefined && { dialIn: { number: dialIn } }),
    ...(hasProxy && { proxy: { path: LOCAL_PROXY_PATH, domain: LOCAL_PROXY_DOMAIN, passwordRequired } }),
    defaultCountry: settings.RINGPROOF_DEFAULT_COUNTRY,
    sipAddresses: settings.RINGPROOF_SIP_DOMAINS.length > 0,
  };
}
