import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { AuditHead } from '../audit/audit-line.ts';
import { auditFilesOf, verifyAudit } from '../audit/verify.ts';
import { findLines } from '../audit/find.ts';
import { readSettings, type Settings } from '../config.ts';
import { fileBeside } from '../storage/open-store.ts';
import { VerificationError } from '../verification/errors.ts';
import { numberPlanOf } from './number-plan.ts';
import { secretOf } from './storage.ts';
import { EXIT_FAILURE, UsageError, type Command, type Terminal } from './terminal.ts';

const USAGE = 'Expected: ringproof audit verify [FILE] [--head SEQ:MAC], or ringproof audit find NUMBER';

/** `ringproof audit verify [FILE or FOLDER] [--head SEQ:MAC]`, `ringproof audit find NUMBER` */
export const audit: Command = async (args, terminal) => {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { head: { type: 'string' } },
    allowPositionals: true,
    strict: true,
  });
  const [action, given, ...more] = positionals;
  if (more.length > 0) throw new UsageError(USAGE);
  if (action === 'verify') return verify({ given, head: values.head }, terminal);
  if (action === 'find' && given !== undefined && values.head === undefined) return find(given, terminal);
  throw new UsageError(USAGE);
};

interface Wanted {
  readonly given: string | undefined;
  readonly head: string | undefined;
}

async function verify({ given, head }: Wanted, { env, stdout, stderr }: Terminal): Promise<number> {
  const settings = readSettings(env);
  const path = given ?? folderOf(settings);
  if (path === undefined) throw new UsageError('A store in memory has no audit log; name a FILE');
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UsageError(`There is no audit log at ${path}`);
  const verdict = await verifyAudit({
    files: await auditFilesOf(path, found.isDirectory()),
    folder: found.isDirectory() ? path : undefined,
    secret: await secretOf(settings),
    anchor: head === undefined ? undefined : readAnchor(head),
  });
  if (!verdict.whole) {
    stderr.write(`The audit log is NOT whole. ${verdict.where}: ${verdict.what}.\n`);
    return EXIT_FAILURE;
  }
  stdout.write(`The audit log is whole: ${verdict.lines} lines, the last is ${verdict.head.seq}:${verdict.head.mac}\n`);
  if (head === undefined) {
    stdout.write(
      'That nothing was cut off at the end together with head.json shows only against a line that you noted elsewhere: --head SEQ:MAC.\n',
    );
  }
  return 0;
}

/** Prints the lines as they stand in the log; also beside a running server. */
async function find(typed: string, { env, stdout }: Terminal): Promise<number> {
  const settings = readSettings(env);
  const folder = folderOf(settings);
  if (folder === undefined) throw new UsageError('A store in memory has no audit log');
  if (!(await stat(folder).catch(() => undefined))) throw new UsageError(`There is no audit log at ${folder}`);
  const lines = await findLines({ folder, secret: await secretOf(settings), number: readNumber(typed, settings) });
  for (const line of lines) stdout.write(`${JSON.stringify(line)}\n`);
  if (lines.length === 0) stdout.write('The audit log has no line about this number.\n');
  return 0;
}

function folderOf({ RINGPROOF_STORE: url }: Settings): string | undefined {
  return fileBeside(url, 'audit');
}

function readNumber(typed: string, settings: Settings): string {
  try {
    return numberPlanOf(settings).normalise(typed);
  } catch (error) {
    if (error instanceof VerificationError) throw new UsageError(error.message);
    throw error;
  }
}

function readAnchor(text: string): AuditHead {
  const [, seq, mac] = /^(\d{1,15}):([\w-]+)$/.exec(text) ?? [];
  if (seq === undefined || mac === undefined) {
    throw new UsageError('Expected --head SEQ:MAC, as the log’s audit.head has them');
  }
  return { seq: Number(seq), mac };
}
