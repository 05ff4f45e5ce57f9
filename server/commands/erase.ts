import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { AuditLog } from '../audit/audit-log.ts';
import { PEOPLE_FILE } from '../audit/audit-files.ts';
import { People } from '../audit/people.ts';
import { readSettings } from '../config.ts';
import { withoutDigits } from '../log-redaction.ts';
import { fileBeside } from '../storage/open-store.ts';
import { createNumberPlan } from '../verification/phone-number.ts';
import { openStorage } from './storage.ts';
import { UsageError, type Command } from './terminal.ts';

/**
 * `ringproof erase NUMBER`: forgets one person, with the server stopped. Verifications are deleted; the audit log stays
 * as it is and whole, but nobody can tell any more which of its lines were about this number.
 */
export const erase: Command = async (args, { env, stdout }) => {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true, strict: true });
  const [typed, ...more] = positionals;
  if (typed === undefined || more.length > 0) throw new UsageError('Expected: ringproof erase NUMBER');
  const settings = readSettings(env);
  const number = readNumber(typed, settings.RINGPROOF_DEFAULT_COUNTRY);
  const folder = fileBeside(settings.RINGPROOF_STORE, 'audit');
  if (folder === undefined) throw new UsageError('A store in memory keeps nothing beyond its process');

  const { store, secret } = await openStorage(settings);
  try {
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
    const people = await People.open(join(folder, PEOPLE_FILE), secret);
    const wasKnown = people.forget(number);
    await people.store();
    audit.record('person.erased', { records });
    await audit.close();
    stdout.write(
      `Deleted ${records} verifications; the audit log ${wasKnown ? 'no longer says whose lines they were' : 'had no line about this number'}.\n`,
    );
    return 0;
  } finally {
    await store.close();
  }
};

/** What cannot be dialled any more can still be erased: SIP addresses and extensions are taken as they were stored. */
function readNumber(typed: string, defaultCountry: string): string {
  if (!/^\+?[\d ().-]+$/.test(typed) || /^\d{1,6}$/.test(typed)) return typed;
  try {
    return createNumberPlan({ defaultCountry, sipDomains: [] }).normalise(typed);
  } catch (error) {
    throw new UsageError(withoutDigits(error instanceof Error ? error.message : 'This is no number'));
  }
}
