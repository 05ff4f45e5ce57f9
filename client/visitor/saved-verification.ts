import type { CallStateName } from '../../server/http/contract.ts';
import type { Key } from '../api/api.ts';

/** What a page must keep to go on with its verification after a reload. */
export interface SavedVerification extends Key {
  /** `keypad`: the code as shown; the server will not say it again. */
  readonly code?: string;
  readonly callId: string;
  /** The states that this call has been seen in. */
  readonly seen: readonly CallStateName[];
}

/** What of sessionStorage is used: it ends with the tab, and no other tab reads it. */
export interface TabStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const KEY = 'ringproof.verification';

/** Keeps one verification in the tab. Storage that is blocked or full is the same as none: a reload starts again. */
export class VerificationMemory {
  readonly #storage: TabStorage;

  constructor(storage: TabStorage) {
    this.#storage = storage;
  }

  read(): SavedVerification | undefined {
    try {
      const text = this.#storage.getItem(KEY);
      const saved: unknown = text === null ? undefined : JSON.parse(text);
      return isSaved(saved) ? saved : undefined;
    } catch {
      return undefined;
    }
  }

  write(saved: SavedVerification): void {
    try {
      this.#storage.setItem(KEY, JSON.stringify(saved));
    } catch {
      // See above.
    }
  }

  forget(): void {
    try {
      this.#storage.removeItem(KEY);
    } catch {
      // See above.
    }
  }
}

function isSaved(value: unknown): value is SavedVerification {
  if (typeof value !== 'object' || value === null) return false;
  const { id, token, callId, seen } = value as Partial<Record<keyof SavedVerification, unknown>>;
  return [id, token, callId].every((text) => typeof text === 'string') && Array.isArray(seen);
}
