import { AuditLog } from '../audit/audit-log.ts';
import { readSettings, type Settings } from '../config.ts';
import { withoutDigits } from '../log-redaction.ts';
import { keepJson } from '../storage/kept-json.ts';
import { fileBeside } from '../storage/open-store.ts';
import { StorageError } from '../storage/storage-error.ts';
import { VerificationError } from '../verification/errors.ts';
import { isSipUri } from '../verification/sip-destination.ts';
import { A_NUMBER, onlyOne, readArguments } from './arguments.ts';
import { numberPlanOf } from './number-plan.ts';
import { openStorage, requireStore } from './storage.ts';
import { decodeOutbox, withoutNumber } from '../webhooks/outbox.ts';
import { StartError, UsageError, type Command } from './terminal.ts';

/**
 * `ringproof erase NUMBER`: forgets one person, with the server stopped. Verifications and webhooks about them are deleted;
 * the audit log stays as it is and whole, but nobody can tell any more which of its lines were about this number.
 */
export const erase: Command = async (args, { env, stdout }) => {
  const typed = onlyOne('NUMBER', A_NUMBER, readArguments(args, {}).positionals);
  const settings = readSettings(env);
  const number = readNumber(typed, settings);
  const folder = fileBeside(settings.RINGPROOF_STORE, 'audit');
  if (folder === undefined) throw new StartError('nothing_kept', 'A store in memory keeps nothing beyond its process');

  await requireStore(settings);
  const { store, secret } = await openStorage(settings).catch(refuseBesideServer);
  try {
    const messages = await dropWebhooks(settings, number);
    const records = await store.erase(number);
    // Opened for the line that says so; also makes the folder where there is none.
    const audit = await AuditLog.open({
      folder,
      secret,
      retention: settings.RINGPROOF_AUDIT_RETENTION,
      now: Date.now,
      onError: (error) => {
        throw error;
      },
    });
    const wasKnown = await audit.forget(number, records);
    await audit.close();
    stdout.write(
      `Deleted ${records} verifications and ${messages} webhooks about them; the audit log ${wasKnown ? 'no longer says whose lines they were' : 'had no line about this number'}.\n`,
    );
    return 0;
  } finally {
    await store.close();
  }
};

async function dropWebhooks({ RINGPROOF_STORE: url }: Settings, to: string): Promise<number> {
  const file = await keepJson(fileBeside(url, 'webhooks'), decodeOutbox);
  try {
    const outbox = await file.read();
    if (outbox === null) return 0;
    const { kept, dropped } = withoutNumber(outbox, { to });
    if (dropped > 0) await file.write(kept);
    return dropped;
  } finally {
    await file.close();
  }
}

function refuseBesideServer(error: unknown): never {
  if (!(error instanceof StorageError) || error.code !== 'in-use') throw error;
  const words = 'A server is using the store: stop it, or ask it with a key for operating: POST /v1/erasures {"to": …}';
  throw new StartError('store_in_use', words, error);
}

/** As it is called; what cannot be called any more, an extension or a SIP address, is taken as it was stored. */
function readNumber(typed: string, settings: Settings): string {
  try {
    return numberPlanOf(settings).normalise(typed);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    if (isSipUri(typed) || /^\d{1,15}$/.test(typed)) return typed.trim();
    throw new UsageError(withoutDigits(error.message));
  }
}
