import type { Settings } from '../config.ts';
import { openSecret, openStore } from '../storage/open-store.ts';
import type { VerificationStore } from '../verification/ports.ts';
import { StartError } from './terminal.ts';

export interface Storage {
  readonly store: VerificationStore;
  /** Keys every hash; given by the operator, or kept beside the store. */
  readonly secret: Uint8Array;
}

/** @throws StorageError (damaged, in use), StartError when the file system refuses, or the signal's reason */
export async function openStorage(settings: Settings, signal?: AbortSignal): Promise<Storage> {
  const store = await openStore(settings.RINGPROOF_STORE, { signal }).catch(refuseFolder);
  try {
    return { store, secret: await secretOf(settings) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Also for commands that run beside a server: the secret's file is only read once it is there. */
export async function secretOf({ RINGPROOF_STORE: url, RINGPROOF_SECRET: given }: Settings): Promise<Uint8Array> {
  return given === undefined ? openSecret(url).catch(refuseFolder) : new TextEncoder().encode(given);
}

/** A system error, such as EACCES or ENOSPC, names the file and is nobody's bug. */
function refuseFolder(error: unknown): never {
  if (error instanceof Error && 'syscall' in error && 'code' in error) {
    throw new StartError(String(error.code), `The store of RINGPROOF_STORE cannot be opened: ${error.message}`, error);
  }
  throw error;
}
