import type { Settings } from '../config.ts';
import type { Locales } from '../http/locale.ts';
import { withReceipt } from '../http/receipt-issuer.ts';
import { localesFor } from '../http/relying-parties.ts';
import { operatorViewOf } from '../http/view.ts';
import { errorFields, type Log } from '../log.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { RelyingParties } from '../relying-parties/relying-parties.ts';
import { keepJson } from '../storage/kept-json.ts';
import { fileBeside } from '../storage/open-store.ts';
import type { NumberPlan } from '../verification/phone-number.ts';
import type { VerificationService } from '../verification/service.ts';
import { askingBeforeCalls } from '../webhooks/pre-call-hook.ts';
import { decodeOutbox } from '../webhooks/outbox.ts';
import { postSigned } from '../webhooks/signed-post.ts';
import { Webhooks } from '../webhooks/webhooks.ts';
import type { Closers } from './closers.ts';

interface OpenWebhooksOptions {
  readonly settings: Settings;
  readonly parties: RelyingParties;
  readonly receipts: Receipts;
  readonly closers: Closers;
  readonly log: Log;
  readonly now: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** The scheme's advice: 15 to 30 seconds. */
const TIMEOUT = 15_000;

/** Opens the outbox beside the store, and goes on with what is in it. */
export async function openWebhooks(options: OpenWebhooksOptions): Promise<Webhooks> {
  const { settings, parties, receipts, closers, log, now, onError } = options;
  const file = await keepJson(fileBeside(settings.RINGPROOF_STORE, 'webhooks'), decodeOutbox);
  closers.add(async () => file.close());
  const allowInternal = settings.RINGPROOF_INTERNAL_WEBHOOKS;
  const webhooks = await Webhooks.open({
    file,
    endpointOf: (id) => parties.find(id)?.webhook,
    view: async (verification) => withReceipt(operatorViewOf(verification), verification, receipts),
    post: async (message, signal) => postSigned(message, { timeout: TIMEOUT, allowInternal, signal }),
    now,
    onError,
    onDead: ({ id, relyingParty, fault }) => log('warn', 'webhook.dead', { webhook: id, relyingParty, fault }),
  });
  closers.add(async () => webhooks.close());
  return webhooks;
}

/** A visitor waits for the answer. */
const HOOK_TIMEOUT = 3_000;

interface PreCallHookOptions extends Pick<OpenWebhooksOptions, 'settings' | 'parties' | 'log' | 'now'> {
  readonly numbers: NumberPlan;
  /** What there is a voice for. */
  readonly locales: () => Locales;
  readonly trunkNames: readonly string[];
}

/** Asks relying parties that want to be asked before each call. */
export function withPreCallHook(service: VerificationService, options: PreCallHookOptions): VerificationService {
  const { settings, parties, numbers, locales, trunkNames, log, now } = options;
  const allowInternal = settings.RINGPROOF_INTERNAL_WEBHOOKS;
  return askingBeforeCalls(service, {
    hookOf: (id) => parties.find(id)?.preCallHook,
    post: async (message) => postSigned(message, { timeout: HOOK_TIMEOUT, allowInternal }),
    numbers,
    localesOf: (id) => localesFor(parties.find(id), locales()).available,
    trunks: trunkNames,
    now,
    onFault: (error, relyingParty) => log('warn', 'pre-call-hook.failed', { relyingParty, ...errorFields(error) }),
  });
}
