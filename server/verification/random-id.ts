import { randomFillSync } from 'node:crypto';

/** Asking the system costs far more than the bytes it gives: they are fetched by the page and each is used once. */
const PAGE = Buffer.alloc(4_096);
let used = PAGE.length;

/** An id that nobody can guess: 128 random bits, such as `ver_kO0cJ2m…` (22 base64url characters). */
export function randomId(prefix: 'ver' | 'call'): string {
  return `${prefix}_${randomText(16)}`;
}

/** So many random bytes in base64url. */
export function randomText(bytes: number): string {
  if (used + bytes > PAGE.length) {
    randomFillSync(PAGE);
    used = 0;
  }
  const from = used;
  used += bytes;
  const text = PAGE.toString('base64url', from, used);
  PAGE.fill(0, from, used);
  return text;
}
