import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { VerificationStore } from '../verification/ports.ts';
import { JsonLines, type JsonLinesOptions } from './json-lines.ts';
import { LowdbStore, type LowdbOptions } from './lowdb-store.ts';
import { MemoryLines } from './memory-lines.ts';
import { MemoryStore } from './memory-store.ts';
import { readOrMakeSecret } from './secret-file.ts';
import { StorageError } from './storage-error.ts';

const LOWDB = 'lowdb:';

/**
 * Opens the store that a setting names: `memory:` or `lowdb:<file>`.
 * @throws StorageError `unsupported` for any other, or as the store itself does
 */
export async function openStore(url: string, options: LowdbOptions = {}): Promise<VerificationStore> {
  const file = storeFileOf(url);
  return file === undefined ? new MemoryStore() : LowdbStore.open(file, options);
}

/** The secret that is kept beside a store (`ringproof.json.secret`); one that nobody keeps for `memory:`. */
export async function openSecret(url: string): Promise<Uint8Array> {
  const file = storeFileOf(url);
  return file === undefined ? randomBytes(32) : readOrMakeSecret(`${file}.secret`);
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

function storeFileOf(url: string): string | undefined {
  if (url === 'memory:') return undefined;
  if (url.startsWith(LOWDB) && url.length > LOWDB.length) return resolve(url.slice(LOWDB.length));
  // Only the scheme: what follows may hold a password.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? 'no scheme';
  throw new StorageError('unsupported', `Expected a store memory: or lowdb:<file>, got ${scheme}`);
}
