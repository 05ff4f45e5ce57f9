import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AuditHead } from './audit-line.ts';
import { same, type Chain } from './chain.ts';

export const HEAD_FILE = 'head.json';
export const PEOPLE_FILE = 'people.jsonl';
/** What opens every day's file, and holds the head of the one before. */
export const DAY_EVENT = 'audit.day';
/** Old files were deleted, as the retention says: the chain begins after this head now. */
export const RETENTION_EVENT = 'audit.retention';

/** The log was opened, and what said where it ended was gone or not ours: lines may have been cut off. */
export const HEAD_LOST_EVENT = 'audit.head-lost';

const DAY = /^\d{4}-\d\d-\d\d\.jsonl$/;

/** `2026-11-25`, in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function dayFile(folder: string, time: number): string {
  return join(folder, `${dayOf(time)}.jsonl`);
}

/** Every day's file, oldest first. */
export async function dayFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => DAY.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

const HEAD = z.strictObject({ seq: z.int().positive(), mac: z.string(), seal: z.string() });

/** The last line that was there when the head was written; `forged` when it is not ours. */
export async function readHead(folder: string, chain: Chain): Promise<AuditHead | 'none' | 'forged'> {
  let text: string;
  try {
    text = await readFile(join(folder, HEAD_FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'none';
    throw error;
  }
  try {
    const { seq, mac, seal } = HEAD.parse(JSON.parse(text));
    return same(seal, chain.sealOf({ seq, mac })) ? { seq, mac } : 'forged';
  } catch {
    return 'forged';
  }
}
