import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { AuditHead } from '../audit/audit-line.ts';
import { auditFilesOf, verifyAudit } from '../audit/verify.ts';
import { readSettings } from '../config.ts';
import { fileBeside, openSecret } from '../storage/open-store.ts';
import { EXIT_FAILURE, UsageError, type Command } from './terminal.ts';

/** `ringproof audit verify [FILE or FOLDER] [--head SEQ:MAC]` */
export const audit: Command = async (args, { env, stdout, stderr }) => {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { head: { type: 'string' } },
    allowPositionals: true,
    strict: true,
  });
  const [action, given, ...more] = positionals;
  if (action !== 'verify' || more.length > 0) {
    throw new UsageError('Expected: ringproof audit verify [FILE] [--head SEQ:MAC]');
  }
  const settings = readSettings(env);
  const path = given ?? fileBeside(settings.RINGPROOF_STORE, 'audit');
  if (path === undefined) throw new UsageError('A store in memory has no audit log; name a FILE');
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`There is no audit log at ${path}`);
  const secret =
    settings.RINGPROOF_SECRET === undefined
      ? await openSecret(settings.RINGPROOF_STORE)
      : new TextEncoder().encode(settings.RINGPROOF_SECRET);
  const verdict = await verifyAudit({
    files: await auditFilesOf(path, found.isDirectory()),
    folder: found.isDirectory() ? path : undefined,
    secret,
    anchor: values.head === undefined ? undefined : readAnchor(values.head),
  });
  if (!verdict.whole) {
    stderr.write(`The audit log is NOT whole. ${verdict.where}: ${verdict.what}.\n`);
    return EXIT_FAILURE;
  }
  stdout.write(`The audit log is whole: ${verdict.lines} lines, the last is ${verdict.head.seq}:${verdict.head.mac}\n`);
  if (values.head === undefined) {
    stdout.write(
      'That nothing was cut off at the end together with head.json shows only against a line that you noted elsewhere: --head SEQ:MAC.\n',
    );
  }
  return 0;
};

function readAnchor(text: string): AuditHead {
  const [, seq, mac] = /^(\d{1,15}):([\w-]+)$/.exec(text) ?? [];
  if (seq === undefined || mac === undefined) {
    throw new UsageError('Expected --head SEQ:MAC, as the log’s audit.head has them');
  }
  return { seq: Number(seq), mac };
}
