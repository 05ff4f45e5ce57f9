import { randomBytes } from 'node:crypto';
import type { Settings } from '../config.ts';
import { MemoryStore } from '../storage/memory-store.ts';
import type { VerificationStore } from '../verification/ports.ts';

export interface Storage {
  readonly store: VerificationStore;
  readonly secret: Uint8Array;
}

export async function openStorage(settings: Settings): Promise<Storage> {
  const { RINGPROOF_SECRET: given } = settings;
  return { store: new MemoryStore(), secret: given === undefined ? randomBytes(32) : new TextEncoder().encode(given) };
}
