import { vi } from 'vitest';

/**
 * Waits until something is so. The limit is for a machine that has much else to do; vitest's own, one second, is
 * too short for that.
 */
export function until<T>(condition: () => T) {
  return vi.waitUntil(condition, { timeout: 10_000, interval: 5 });
}
