import { timingSafeEqual } from 'node:crypto';
import { hmacSha256, type HmacSha256 } from './hmac-sha256.ts';

const MIN_SECRET_BYTES = 32;

/** Among whose codes a code is the only one of its kind. */
export interface CodeScope {
  readonly relyingParty: string;
  readonly dialIn?: string;
}

/**
 * HMAC-SHA-256 with the server's secret. A code has only a million values: a plain hash of it is undone in a
 * second (OWASP ASVS 2.7.5). Each purpose has its own domain, so that no hash can stand for another.
 */
export class KeyedHash {
  readonly #mac: HmacSha256;

  constructor(secret: Uint8Array) {
    if (secret.length < MIN_SECRET_BYTES) {
      throw new TypeError(`Expected a secret of at least ${MIN_SECRET_BYTES} bytes, got ${secret.length}`);
    }
    this.#mac = hmacSha256(secret);
  }

  /**
   * Equal codes of a relying party have equal hashes, and equal codes that are keyed to one dial-in number: by this a
   * store keeps codes and numbers one to one.
   */
  code({ relyingParty, dialIn }: CodeScope, code: string): string {
    return dialIn === undefined ? this.#hmac('code', [relyingParty, code]) : this.#hmac('dial-in', [dialIn, code]);
  }

  idempotencyKey(relyingParty: string, key: string): string {
    return this.#hmac('idempotency-key', [relyingParty, key]);
  }

  /** What is counted without being known: a number, a range of numbers, an address, a relying party's user. */
  subject(kind: 'number' | 'range' | 'address' | 'user', ...parts: readonly string[]): string {
    return this.#hmac(`subject ${kind}`, parts).slice(0, 22);
  }

  /** The bearer token of a verification: made again whenever it is needed, stored nowhere. */
  token(verificationId: string): string {
    return `vt_${this.#hmac('token', [verificationId])}`;
  }

  /** In constant time for texts of one length. Our hashes and tokens have one that everybody knows. */
  same(a: string, b: string): boolean {
    const [left, right] = [Buffer.from(a), Buffer.from(b)];
    return left.length === right.length && timingSafeEqual(left, right);
  }

  #hmac(purpose: string, parts: readonly string[]): string {
    // JSON keeps the parts apart: ('a', 'bc') and ('ab', 'c') are different messages.
    return this.#mac(JSON.stringify([purpose, ...parts]));
  }
}
