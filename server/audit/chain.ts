import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AuditFields, AuditHead, AuditLine } from './audit-line.ts';

/** What the first line of all stands on. */
export const GENESIS: AuditHead = { seq: 0, mac: 'genesis' };

/**
 * Each line's MAC covers the line before it. It is keyed: whoever can write the file but does not know the server's
 * secret cannot make the chain whole again after a change.
 */
export class Chain {
  readonly #key: Buffer;

  constructor(secret: Uint8Array) {
    this.#key = createHmac('sha256', secret).update('ringproof audit chain').digest();
  }

  link(before: AuditHead, { at, event, fields }: Omit<AuditLine, 'seq' | 'mac'>): AuditLine {
    const line = { seq: before.seq + 1, at, event, fields };
    return { ...line, mac: this.#mac(before.mac, line) };
  }

  follows(before: AuditHead, { mac, ...line }: AuditLine): boolean {
    return same(mac, this.#mac(before.mac, line));
  }

  /** Says of a head that it is ours, so that nobody moves it back with the file. */
  sealOf({ seq, mac }: AuditHead): string {
    return this.#hmac(['head', seq, mac]);
  }

  #mac(before: string, { seq, at, event, fields }: Omit<AuditLine, 'mac'>): string {
    return this.#hmac(['line', before, seq, at, event, sorted(fields)]);
  }

  #hmac(parts: readonly unknown[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64url');
  }
}

function sorted(fields: AuditFields): readonly unknown[] {
  return Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
