import { createHmac, timingSafeEqual } from 'node:crypto';

const MIN_SECRET_BYTES = 32;

/**
 * HMAC-SHA-256 with the server's secret. A code has only a million values: a plain hash of it is undone in a
 * second (OWASP ASVS 2.7.5). Each purpose has its own domain, so that no hash can stand for another.
 */
export class KeyedHash {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    if (secret.length < MIN_SECRET_BYTES) {
      throw new TypeError(`Expected a secret of at least ${MIN_SECRET_BYTES} bytes, got ${secret.length}`);
    }
    this.#secret = secret;
  }

  /** Equal codes of a relying party have equal hashes: by this a store keeps codes and numbers one to one. */
  code(relyingParty: string, code: string): string {
    return this.#hmac('code', [relyingParty, code]).toString('base64url');
  }

  idempotencyKey(relyingParty: string, key: string): string {
    return this.#hmac('idempotency-key', [relyingParty, key]).toString('base64url');
  }

  /** What is counted without being known: a number, a range of numbers, an address, a relying party's user. */
  subject(kind: 'number' | 'range' | 'address' | 'user', ...parts: readonly string[]): string {
    return this.#hmac(`subject ${kind}`, parts).toString('base64url').slice(0, 22);
  }

  /** The bearer token of a verification: made again whenever it is needed, stored nowhere. */
  token(verificationId: string): string {
    return `vt_${this.#hmac('token', [verificationId]).toString('base64url')}`;
  }

  /** In constant time, whatever the lengths: both are hashed once more before they are compared. */
  same(a: string, b: string): boolean {
    return timingSafeEqual(this.#hmac('compare', [a]), this.#hmac('compare', [b]));
  }

  #hmac(purpose: string, parts: readonly string[]): Buffer {
    // JSON keeps the parts apart: ('a', 'bc') and ('ab', 'c') are different messages.
    return createHmac('sha256', this.#secret)
      .update(JSON.stringify([purpose, ...parts]))
      .digest();
  }
}
