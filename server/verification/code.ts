import { randomInt } from 'node:crypto';

/** A fresh code of decimal digits, every one as likely as any other; `000000` is a code like the rest. */
export function drawCode(length: number): string {
  return String(randomInt(10 ** length)).padStart(length, '0');
}
