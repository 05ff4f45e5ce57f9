import type { Settings } from '../config.ts';
import { withReceipt } from '../http/receipt-issuer.ts';
import { viewOf } from '../http/view.ts';
import type { Log } from '../log.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { RelyingParties } from '../relying-parties/relying-parties.ts';
import { keepJson } from '../storage/kept-json.ts';
import { fileBeside } from '../storage/open-store.ts';
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
    view: async (verification) => withReceipt(viewOf(verification), verification, receipts),
    post: async (message, signal) => postSigned(message, { timeout: TIMEOUT, allowInternal, signal }),
    now,
    onError,
    onDead: ({ id, relyingParty, fault }) => log('warn', 'webhook.dead', { webhook: id, relyingParty, fault }),
  });
  closers.add(async () => webhooks.close());
  return webhooks;
}
