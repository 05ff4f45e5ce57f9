import type { TabStorage } from './saved-verification.ts';

/** The tab's storage; where the browser blocks it, one that forgets with the page. */
export function tabStorage(): TabStorage {
  try {
    return sessionStorage;
  } catch {
    const kept = new Map<string, string>();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }
}
