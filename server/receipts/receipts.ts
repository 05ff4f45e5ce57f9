import { CompactSign, importJWK } from 'jose';
import type { Verification } from '../verification/verification.ts';
import { assuranceOf, type Assurance } from './assurance.ts';
import { hasKey, newKeyRing, publicKeysOf, RECEIPT_ALGORITHM, rotated, withRetired, type KeyRing } from './key-ring.ts';

/** The payload of a receipt: registered claims by RFC 7519 §4.1, then ours. */
export interface ReceiptClaims {
  readonly iss: string;
  /** The relying party that asked; nobody else should accept the receipt. */
  readonly aud: string;
  /** The number, as it was normalised and rung. */
  readonly sub: string;
  /** The keys that were given to the switchboard at that number: what was proved is the phone behind them. */
  readonly extension?: string;
  /** The verification's id. */
  readonly jti: string;
  /** When the number was verified; seconds since the epoch. */
  readonly iat: number;
  readonly method: Verification['method'];
  /** As given at creation. */
  readonly nonce?: string;
  /** `spoken`: the call said it to the end before any code was spoken or accepted. */
  readonly transaction?: { readonly amount: string; readonly payee: string; readonly spoken: boolean };
  readonly assurance: Assurance;
}

/** Where the keys are kept. */
export interface KeyRingFile {
  read(): Promise<KeyRing | null>;
  write(ring: KeyRing): Promise<void>;
}

export interface ReceiptsDeps {
  readonly file: KeyRingFile;
  readonly issuer: string;
  readonly now: () => number;
  /** Told when the key file cannot be read again. */
  readonly onError: (error: unknown) => void;
}

const TYPE = 'ringproof-receipt+jwt';
/** `ringproof keys rotate` writes the file beside a running server. */
const LOOK_AGAIN_AFTER = 5_000;

/** Issues receipts with the key of the key file, which is made at the first start. */
export class Receipts {
  readonly #deps: ReceiptsDeps;
  #ring: KeyRing;
  #readAt: number;

  private constructor(deps: ReceiptsDeps, ring: KeyRing) {
    this.#deps = deps;
    this.#ring = ring;
    this.#readAt = deps.now();
  }

  /** @throws StorageError `damaged` when the key file cannot be read: a new key in silence would void every receipt. */
  static async open(deps: ReceiptsDeps): Promise<Receipts> {
    let ring = await deps.file.read();
    if (ring === null) {
      ring = await newKeyRing(deps.now());
      await deps.file.write(ring);
    }
    return new Receipts(deps, ring);
  }

  /** @throws TypeError when there is nothing to certify: a bug of ours. */
  async issue(verification: Verification): Promise<string> {
    if (verification.status !== 'verified') throw new TypeError(`No receipt for what is ${verification.status}`);
    const { kid, jwk } = (await this.#current()).current;
    const payload = new TextEncoder().encode(JSON.stringify(claimsOf(verification, this.#deps.issuer)));
    const key = await importJWK(jwk, RECEIPT_ALGORITHM);
    return new CompactSign(payload).setProtectedHeader({ alg: RECEIPT_ALGORITHM, typ: TYPE, kid }).sign(key);
  }

  async publicKeys(): Promise<{ readonly keys: readonly object[] }> {
    return { keys: publicKeysOf(await this.#current(), this.#deps.now()) };
  }

  async #current(): Promise<KeyRing> {
    const { file, now, onError } = this.#deps;
    if (now() - this.#readAt >= LOOK_AGAIN_AFTER) {
      this.#readAt = now();
      // What is signed with is in memory: a file that cannot be read now must not cost a visitor the receipt.
      const read = await file.read().catch(onError);
      if (read) this.#ring = await this.#withOurs(read);
    }
    return this.#ring;
  }

  /** Of two rotations at once, or with a file from a copy, the key that was signed with is lost to who checks receipts. */
  async #withOurs(read: KeyRing): Promise<KeyRing> {
    const { file, now, onError } = this.#deps;
    const used = this.#ring.current;
    if (hasKey(read, used.kid)) return read;
    const ring = withRetired(read, used, now());
    await file.write(ring).catch(onError);
    return ring;
  }
}

/** Makes the next key; gives its name. */
export async function rotateKeys(file: KeyRingFile, now: number): Promise<string> {
  const ring = await file.read();
  const next = ring === null ? await newKeyRing(now) : await rotated(ring, now);
  await file.write(next);
  return next.current.kid;
}

function claimsOf(verification: Verification, issuer: string): ReceiptClaims {
  const {
    id,
    relyingParty,
    to,
    extension,
    method,
    nonce,
    transaction,
    call,
    updatedAt,
    settledAt = updatedAt,
  } = verification;
  return {
    iss: issuer,
    aud: relyingParty,
    sub: to,
    ...(extension !== undefined && { extension }),
    jti: id,
    iat: Math.floor(settledAt / 1_000),
    method,
    ...(nonce !== undefined && { nonce }),
    ...(transaction && { transaction: { ...transaction, spoken: call.transactionSpoken ?? false } }),
    assurance: assuranceOf(verification),
  };
}
