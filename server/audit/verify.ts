import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DAY_EVENT, dayFiles, readHead, RETENTION_EVENT } from './audit-files.ts';
import { readLine, type AuditHead, type AuditLine } from './audit-line.ts';
import { Chain, GENESIS } from './chain.ts';

export type AuditVerdict =
  | { readonly whole: true; readonly lines: number; readonly head: AuditHead }
  | { readonly whole: false; readonly where: string; readonly what: string };

export interface VerifyOptions {
  /** A folder of days, or one day's file. */
  readonly files: readonly string[];
  readonly folder: string | undefined;
  readonly secret: Uint8Array;
  /** One that was noted elsewhere: the log must reach it. */
  readonly anchor?: AuditHead | undefined;
}

/** Reads the whole log and says where it first stops being what was written. */
export async function verifyAudit({ files, folder, secret, anchor }: VerifyOptions): Promise<AuditVerdict> {
  const chain = new Chain(secret);
  let head: AuditHead | undefined;
  let start: AuditHead | undefined;
  let retired: AuditHead | undefined;
  let lines = 0;
  let isAnchorSeen = anchor === undefined;
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    const rows = text.split('\n');
    if (rows.pop() !== '') return broken(file, rows.length + 1, 'the last line is cut in the middle');
    for (const [n, row] of rows.entries()) {
      const line = readLine(row);
      // Who reads it otherwise than we do, such as with the first of two fields of one name, must not read something else.
      if (!line || JSON.stringify(line) !== row) return broken(file, n + 1, 'this is no line as the log writes them');
      head ??= start = startOf(line);
      if (!head) return broken(file, n + 1, `the file does not begin with ${DAY_EVENT}: lines were removed before it`);
      if (line.seq > head.seq + 1) return broken(file, n + 1, `lines ${head.seq + 1} to ${line.seq - 1} are missing`);
      if (line.seq <= head.seq) return broken(file, n + 1, `line ${line.seq} stands behind line ${head.seq}`);
      if (!chain.follows(head, line)) {
        return broken(file, n + 1, `line ${line.seq}, or the one before it, was changed or replaced`);
      }
      head = { seq: line.seq, mac: line.mac };
      lines += 1;
      if (line.event === RETENTION_EVENT) retired = retiredBy(line);
      if (anchor?.seq === line.seq) {
        if (anchor.mac !== line.mac) return broken(file, n + 1, `line ${line.seq} is not the one that was noted`);
        isAnchorSeen = true;
      }
    }
  }
  if (folder === undefined && !head) return { whole: false, where: 'the file', what: 'there is no line' };
  // A server that has decided nothing yet has a folder and no line.
  const [first, last] = [start ?? GENESIS, head ?? GENESIS];
  if (folder !== undefined) {
    const isBegun = first.seq === 0 || (retired?.seq === first.seq && retired.mac === first.mac);
    if (!isBegun) {
      const what = `lines 1 to ${first.seq} are missing, and no retention says so`;
      return { whole: false, where: 'the beginning', what };
    }
    const kept = await readHead(folder, chain);
    if (kept === 'forged') return { whole: false, where: 'head.json', what: 'it was not written by this server' };
    if (kept === 'none' && lines > 0) return { whole: false, where: 'head.json', what: 'it is missing' };
    if (kept !== 'none' && kept.seq > last.seq) {
      return { whole: false, where: 'the end', what: `lines ${last.seq + 1} to ${kept.seq} are missing` };
    }
  }
  if (!isAnchorSeen && anchor) {
    return { whole: false, where: 'the end', what: `line ${anchor.seq}, which was noted, is not in the log` };
  }
  return { whole: true, lines, head: last };
}

/** The files of a folder, oldest first, or the one file. */
export async function auditFilesOf(path: string, isFolder: boolean): Promise<readonly string[]> {
  return isFolder ? dayFiles(path) : [path];
}

function startOf({ seq, event, fields }: AuditLine): AuditHead | undefined {
  if (event !== DAY_EVENT) return undefined;
  const { after, afterMac } = fields;
  if (after === 0 && seq === 1) return GENESIS;
  return typeof after === 'number' && typeof afterMac === 'string' ? { seq: after, mac: afterMac } : undefined;
}

function retiredBy({ fields: { upTo, upToMac } }: AuditLine): AuditHead | undefined {
  return typeof upTo === 'number' && typeof upToMac === 'string' ? { seq: upTo, mac: upToMac } : undefined;
}

function broken(file: string, line: number, what: string): AuditVerdict {
  return { whole: false, where: `${basename(file)} line ${line}`, what };
}
