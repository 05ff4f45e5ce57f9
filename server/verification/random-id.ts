import { randomBytes } from 'node:crypto';

/** An id that nobody can guess: 128 random bits, such as `ver_kO0cJ2m…` (22 base64url characters). */
export function randomId(prefix: 'ver' | 'call'): string {
  return `${prefix}_${randomBytes(16).toString('base64url')}`;
}
