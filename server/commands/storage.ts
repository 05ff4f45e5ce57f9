import type { Settings } from '../config.ts';
import { findSecret, openSecret, openStore, unbegun } from '../storage/open-store.ts';
import type { VerificationStore } from '../verification/ports.ts';
import { StartError } from './terminal.ts';

export interface Storage {
  readonly store: VerificationStore;
  /** Keys every hash; given by the operator, or kept beside the store. */
  readonly secret: Uint8Array;
}

/** @throws StorageError (damaged, in use), StartError when the file system refuses, or the signal's reason */
export async function openStorage(settings: Settings, signal?: AbortSignal): Promise<Storage> {
  const { RINGPROOF_STORE: url } = settings;
  // Before the store: one that is there without its secret has lost it.
  const secret = await ownSecret(settings);
  return { secret, store: await openStore(url, { signal }).catch(refuseFolder) };
}

/** What the store's hashes are keyed by; undefined where none was ever begun. Makes nothing. */
export async function secretOf(settings: Settings): Promise<Uint8Array | undefined> {
  return givenSecret(settings) ?? (await findSecret(settings.RINGPROOF_STORE).catch(refuseFolder));
}

/** For commands that are about what a server keeps. @throws StartError where none was ever started */
export async function requireStore({ RINGPROOF_STORE: url }: Settings): Promise<void> {
  const file = await unbegun(url).catch(refuseFolder);
  if (file === undefined) return;
  const words = `There is no store at ${file}. Nothing was made: run this where the server runs, with its RINGPROOF_STORE; the first ringproof start begins one`;
  throw new StartError('no_store', words);
}

/** What the hashes of a store are keyed by that has to be there. @throws StartError where it is not; makes nothing */
export async function keptSecret(settings: Settings): Promise<Uint8Array> {
  await requireStore(settings);
  return ownSecret(settings);
}

async function ownSecret(settings: Settings): Promise<Uint8Array> {
  return givenSecret(settings) ?? (await openSecret(settings.RINGPROOF_STORE).catch(refuseFolder));
}

function givenSecret({ RINGPROOF_SECRET: given }: Settings): Uint8Array | undefined {
  return given === undefined ? undefined : new TextEncoder().encode(given);
}

/** A system error, such as EACCES or ENOSPC, names the file and is nobody's bug. */
function refuseFolder(error: unknown): never {
  if (error instanceof Error && 'syscall' in error && 'code' in error) {
    throw new StartError(String(error.code), `The store of RINGPROOF_STORE cannot be opened: ${error.message}`, error);
  }
  throw error;
}
