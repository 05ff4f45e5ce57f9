import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { VerificationStore } from '../verification/ports.ts';
import { JsonLines, type JsonLinesOptions } from './json-lines.ts';
import { LowdbStore, type LowdbOptions } from './lowdb-store.ts';
import { MemoryLines } from './memory-lines.ts';
import { MemoryStore } from './memory-store.ts';
import { makeSecret, readSecret } from './secret-file.ts';
import { hasErrorCode, StorageError } from './storage-error.ts';

const LOWDB = 'lowdb:';

/**
 * Opens the store that a setting names: `memory:` or `lowdb:<file>`.
 * @throws StorageError `unsupported` for any other, or as the store itself does
 */
export async function openStore(url: string, options: LowdbOptions = {}): Promise<VerificationStore> {
  const file = storeFileOf(url);
  return file === undefined ? new MemoryStore() : LowdbStore.open(file, options);
}

/**
 * The file of a store that was never begun; undefined for one that is there, and for `memory:`.
 * @throws StorageError `unsupported` where something else has its name
 */
export async function unbegun(url: string): Promise<string | undefined> {
  const file = storeFileOf(url);
  return file === undefined || (await exists(file)) ? undefined : file;
}

/**
 * The secret that is kept beside a store (`ringproof.json.secret`), made before the store is begun; one that nobody
 * keeps for `memory:`.
 * @throws StorageError `missing` for a store that was begun: with another secret nothing in it is known again, and whoever
 *   is on the do-not-call list would be rung
 */
export async function openSecret(url: string): Promise<Uint8Array> {
  const found = await findSecret(url);
  const file = secretFileOf(url);
  return found ?? (file === undefined ? randomBytes(32) : makeSecret(file));
}

/** The same, and nothing is made: undefined where no store was begun. */
export async function findSecret(url: string): Promise<Uint8Array | undefined> {
  const file = secretFileOf(url);
  if (file === undefined) return undefined;
  const secret = await readSecret(file);
  if (secret || (await unbegun(url)) !== undefined) return secret;
  throw new StorageError(
    'missing',
    `${file} is missing but the store is there: restore it from a copy, or set RINGPROOF_SECRET to what the server ran with`,
    { file },
  );
}

function secretFileOf(url: string): string | undefined {
  return fileBeside(url, 'secret');
}

async function exists(file: string): Promise<boolean> {
  try {
    const found = await stat(file);
    if (found.isFile()) return true;
    const what = found.isDirectory() ? 'a folder' : 'no file';
    throw new StorageError('unsupported', `A store is lowdb:<file>, and ${file} is ${what}`, { file });
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return false;
    throw error;
  }
}

/** Where something is kept beside a store (`ringproof.json.<name>`); undefined when the store keeps nothing. */
export function fileBeside(url: string, name: string): string | undefined {
  const file = storeFileOf(url);
  return file === undefined ? undefined : `${file}.${name}`;
}

/** Lines that are kept beside a store; for `memory:` they are kept nowhere. */
export function openLines<T>(
  url: string,
  name: string,
  options: Omit<JsonLinesOptions<T>, 'file'>,
): JsonLines<T> | MemoryLines<T> {
  const file = fileBeside(url, name);
  return file === undefined ? new MemoryLines<T>() : new JsonLines<T>({ ...options, file });
}

/** The file that a setting names; undefined for a store in memory. @throws StorageError `unsupported` */
export function storeFileOf(url: string): string | undefined {
  if (url === 'memory:') return undefined;
  if (url.startsWith(LOWDB) && url.length > LOWDB.length) return resolve(url.slice(LOWDB.length));
  // Only the scheme: what follows may hold a password.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? 'no scheme';
  throw new StorageError('unsupported', `Expected a store memory: or lowdb:<file>, got ${scheme}`);
}
