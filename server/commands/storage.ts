import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Settings } from '../config.ts';
import { cureFor } from '../storage/disk-words.ts';
import type { LowdbOptions } from '../storage/lowdb-store.ts';
import { findSecret, openSecret, openStore, storeFileOf, unbegun } from '../storage/open-store.ts';
import { KeyedHash } from '../verification/keyed-hash.ts';
import type { VerificationStore } from '../verification/ports.ts';
import { StartError } from './terminal.ts';

export interface Storage {
  readonly store: VerificationStore;
  /** Keys every hash; given by the operator, or kept beside the store. */
  readonly secret: Uint8Array;
}

/** @throws StorageError (damaged, in use), StartError when the file system refuses, or the signal's reason */
export async function openStorage(settings: Settings, options: LowdbOptions = {}): Promise<Storage> {
  const { RINGPROOF_STORE: url } = settings;
  // Before the store: one that is there without its secret has lost it.
  const secret = await ownSecret(settings);
  return { secret, store: await openStore(url, options).catch(refusalOf(settings)) };
}

/** What the store's hashes are keyed by; undefined where none was ever begun. Makes nothing. */
export async function secretOf(settings: Settings): Promise<Uint8Array | undefined> {
  return givenSecret(settings) ?? (await findSecret(settings.RINGPROOF_STORE).catch(refusalOf(settings)));
}

/** For commands that only look: where no store was begun, nothing can be known by any hash. */
export async function hashToLookWith(settings: Settings): Promise<KeyedHash> {
  return new KeyedHash((await secretOf(settings)) ?? randomBytes(32));
}

/** For commands that are about what a server keeps. @throws StartError where none was ever started, or by another user */
export async function requireStore(settings: Settings): Promise<void> {
  const file = await unbegun(settings.RINGPROOF_STORE).catch(refusalOf(settings));
  if (file === undefined) {
    await requireOwner(storeFileOf(settings.RINGPROOF_STORE));
    return;
  }
  const words = `There is no store at ${file}. Nothing was made: run this where the server runs, with its RINGPROOF_STORE; the first ringproof start begins one`;
  throw new StartError('no_store', words);
}

/**
 * Root may do all, but the files that it makes in another user's store could not be read by that user's server.
 * @param user who we are; undefined where the system has no such numbers
 */
export async function requireOwner(file: string | undefined, user = process.getuid?.()): Promise<void> {
  if (file === undefined || user !== 0) return;
  const { uid } = await stat(file);
  if (uid === user) return;
  const words = `The store ${file} belongs to user ${uid}, whose server could not read what root writes there: run this as that user (sudo -u '#${uid}' ...)`;
  throw new StartError('other_user', words);
}

/** What the hashes of a store are keyed by that has to be there. @throws StartError where it is not; makes nothing */
export async function keptSecret(settings: Settings): Promise<Uint8Array> {
  await requireStore(settings);
  return ownSecret(settings);
}

async function ownSecret(settings: Settings): Promise<Uint8Array> {
  return givenSecret(settings) ?? (await openSecret(settings.RINGPROOF_STORE).catch(refusalOf(settings)));
}

function givenSecret({ RINGPROOF_SECRET: given }: Settings): Uint8Array | undefined {
  return given === undefined ? undefined : new TextEncoder().encode(given);
}

/** A system error, such as EACCES or ENOSPC, is nobody's bug; not all of them name the file. */
function refusalOf({ RINGPROOF_STORE: url }: Settings): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    const code = String(error.code);
    const words = `The store of RINGPROOF_STORE (${url}) cannot be opened: ${error.message}; ${cureFor(code)}`;
    throw new StartError(code, words, error);
  };
}
