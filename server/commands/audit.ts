import { stat } from 'node:fs/promises';
import type { AuditHead } from '../audit/audit-line.ts';
import { findLines } from '../audit/find.ts';
import { auditFilesOf, verifyAudit } from '../audit/verify.ts';
import { readSettings, type Settings } from '../config.ts';
import { systemCodeOf } from '../storage/disk-words.ts';
import { fileBeside } from '../storage/open-store.ts';
import { A_NUMBER, nothingMore, onlyOne, readArguments, shown, wrongAction, wrongArgument } from './arguments.ts';
import { readNumber } from './number-plan.ts';
import { secretOf } from './storage.ts';
import { EXIT_FAILURE, StartError, type Command, type Terminal } from './terminal.ts';

const WHERE = 'run this where the server runs, with its RINGPROOF_STORE';

/** `ringproof audit verify [FILE or FOLDER] [--head SEQ:MAC]`, `ringproof audit find NUMBER` */
export const audit: Command = async (args, terminal) => {
  const { positionals, values } = readArguments(args, { head: { type: 'string' } });
  const [action = '', ...rest] = positionals;
  const anchor = values.head === undefined ? undefined : readAnchor(values.head);
  if (action === 'find') {
    if (anchor) throw wrongArgument('--head', 'nothing, as it is for verify', 'a value');
    return find(onlyOne('NUMBER', A_NUMBER, rest), terminal);
  }
  if (action !== 'verify') throw wrongAction('verify or find', action);
  const [given, ...more] = rest;
  nothingMore(more);
  return verify({ given, anchor }, terminal);
};

interface Wanted {
  readonly given: string | undefined;
  readonly anchor: AuditHead | undefined;
}

async function verify({ given, anchor }: Wanted, { env, stdout, stderr }: Terminal): Promise<number> {
  const settings = readSettings(env);
  const path = given ?? folderOf(settings);
  const isFolder = await lookAt(path);
  const verdict = await verifyAudit({
    files: await auditFilesOf(path, isFolder),
    folder: isFolder ? path : undefined,
    secret: await keyOf(settings),
    anchor,
  });
  if (!verdict.whole) {
    stderr.write(`The audit log is NOT whole. ${verdict.where}: ${verdict.what}.\n`);
    return EXIT_FAILURE;
  }
  if (verdict.lines === 0) {
    stdout.write(
      'The audit log has no line yet: either nothing was decided, or all of it was removed with head.json.\n',
    );
    return 0;
  }
  stdout.write(`The audit log is whole: ${verdict.lines} lines, the last is ${verdict.head.seq}:${verdict.head.mac}\n`);
  if (!anchor) {
    stdout.write(
      'That nothing was cut off at the end together with head.json shows only against a line that you noted elsewhere: --head SEQ:MAC.\n',
    );
  }
  return 0;
}

/** Prints the lines as they stand in the log; also beside a running server. */
async function find(typed: string, { env, stdout }: Terminal): Promise<number> {
  const settings = readSettings(env);
  const number = readNumber(typed, settings);
  const folder = folderOf(settings);
  await lookAt(folder);
  const lines = await findLines({ folder, secret: await keyOf(settings), number });
  for (const line of lines) stdout.write(`${JSON.stringify(line)}\n`);
  if (lines.length === 0) stdout.write('The audit log has no line about this number.\n');
  return 0;
}

function folderOf({ RINGPROOF_STORE: url }: Settings): string {
  const folder = fileBeside(url, 'audit');
  if (folder === undefined) throw new StartError('no_audit_log', `A store in memory has no audit log: ${WHERE}`);
  return folder;
}

/** Whether a folder is there, or a file. @throws StartError when nothing can be read there */
async function lookAt(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new StartError('no_audit_log', `There is no audit log at ${path} (${systemCodeOf(error)}): ${WHERE}`, error);
  }
}

/** @throws StartError where there is no secret */
async function keyOf(settings: Settings): Promise<Uint8Array> {
  const secret = await secretOf(settings);
  if (secret) return secret;
  const words = `The audit log is keyed by the server’s secret, and there is none beside the store: ${WHERE}, or set RINGPROOF_SECRET`;
  throw new StartError('no_secret', words);
}

function readAnchor(text: string): AuditHead {
  const [, seq, mac] = /^(\d{1,15}):([\w-]+)$/.exec(text) ?? [];
  if (seq !== undefined && mac !== undefined) return { seq: Number(seq), mac };
  throw wrongArgument('--head', 'SEQ:MAC, as the log’s audit.head has them', shown(text));
}
