import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../server/verification/ports.ts';
import { splitOutsideQuotes, unquote } from './header-text.ts';

export type DigestVerdict = 'right' | 'missing' | 'stale' | 'wrong';

export interface DigestOptions {
  readonly realm: string;
  readonly password: string;
  readonly clock: Clock;
  /** Nonces whose count is remembered; beyond it the oldest are refused as stale. */
  readonly maxNonces?: number;
}

export interface DigestQuestion {
  /** The value of Authorization or Proxy-Authorization. */
  readonly credentials: string | undefined;
  readonly method: string;
  readonly uri: string;
  /** Whom the sender may claim to be. */
  readonly users: readonly string[];
  readonly flowId: string;
}

/** Long enough for any exchange, short enough that a leaked answer is soon worth nothing. */
const NONCE_TTL_MS = 300_000;
const MAX_NONCES = 10_000;

/**
 * Digest authentication (RFC 2617 as profiled by RFC 3261 §22): one realm, one password, MD5 with qop `auth`,
 * which is all that JsSIP can (notes §1.5). A nonce is a signed time, good on one connection only.
 */
export class Digest {
  readonly realm: string;
  readonly #password: string;
  readonly #clock: Clock;
  readonly #maxNonces: number;
  readonly #key = randomBytes(32);
  /** The highest nonce count taken for a nonce, in the order of first use. */
  readonly #counts = new Map<string, number>();
  /** Nonces issued up to this time may have been forgotten before their time: none of them is taken any more. */
  #forgottenUpTo = 0;

  constructor({ realm, password, clock, maxNonces = MAX_NONCES }: DigestOptions) {
    this.realm = realm;
    this.#password = password;
    this.#clock = clock;
    this.#maxNonces = maxNonces;
  }

  /** The value of WWW-Authenticate or Proxy-Authenticate. */
  challenge(flowId: string, stale = false): string {
    const time = this.#clock().toString(36);
    const salt = randomBytes(8).toString('base64url');
    const nonce = `${time}.${salt}.${this.#sign(time, salt, flowId)}`;
    return `Digest realm="${this.realm}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
  }

  check({ credentials, method, uri, users, flowId }: DigestQuestion): DigestVerdict {
    const given = credentials === undefined ? undefined : readCredentials(credentials);
    if (!given || given.get('realm') !== this.realm) return 'missing';
    const value = (name: string) => given.get(name) ?? '';
    const nonce = value('nonce');
    const count = /^[0-9a-f]{8}$/i.test(value('nc')) ? Number.parseInt(value('nc'), 16) : 0;
    const user = value('username');
    if (value('qop') !== 'auth' || count === 0 || value('uri') !== uri || !users.includes(user)) return 'wrong';

    const issued = this.#readNonce(nonce, flowId);
    if (issued === undefined) return 'stale';
    const ha1 = md5(`${user}:${this.realm}:${this.#password}`);
    const ha2 = md5(`${method}:${uri}`);
    const right = md5(`${ha1}:${nonce}:${value('nc')}:${value('cnonce')}:auth:${ha2}`);
    if (!isEqual(value('response').toLowerCase(), right)) return 'wrong';

    // Only now: a wrong answer must not use up a count that the owner of the nonce still needs.
    const oldest = Math.max(this.#clock() - NONCE_TTL_MS, this.#forgottenUpTo + 1);
    if (issued < oldest || count <= (this.#counts.get(nonce) ?? 0)) return 'stale';
    this.#remember(nonce, count);
    return 'right';
  }

  /** Forgets nonces that would be refused for their age anyway. */
  sweep(): void {
    const oldest = this.#clock() - NONCE_TTL_MS;
    for (const nonce of this.#counts.keys()) {
      if (issuedAt(nonce) >= oldest) break;
      this.#counts.delete(nonce);
    }
  }

  #remember(nonce: string, count: number): void {
    this.#counts.set(nonce, count);
    if (this.#counts.size <= this.#maxNonces) return;
    for (const first of this.#counts.keys()) {
      this.#counts.delete(first);
      this.#forgottenUpTo = Math.max(this.#forgottenUpTo, issuedAt(first));
      break;
    }
  }

  #readNonce(nonce: string, flowId: string): number | undefined {
    const [time = '', salt = '', signature = ''] = nonce.split('.');
    return isEqual(signature, this.#sign(time, salt, flowId)) ? issuedAt(nonce) : undefined;
  }

  #sign(time: string, salt: string, flowId: string): string {
    return createHmac('sha256', this.#key).update(`${time} ${salt} ${flowId}`).digest('base64url');
  }
}

function issuedAt(nonce: string): number {
  return Number.parseInt(nonce.split('.', 1)[0] ?? '', 36);
}

function readCredentials(text: string): ReadonlyMap<string, string> | undefined {
  const [, list] = /^Digest\s+(.*)$/is.exec(text) ?? [];
  const parts = list === undefined ? undefined : splitOutsideQuotes(list, ',');
  if (!parts) return undefined;
  const values = new Map<string, string>();
  for (const part of parts) {
    const [, name, value] = /^([a-z]+)\s*=\s*(.*)$/is.exec(part) ?? [];
    if (name !== undefined && value !== undefined) values.set(name.toLowerCase(), unquote(value));
  }
  return values;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function isEqual(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
