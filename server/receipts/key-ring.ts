import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';

/** RFC 8037: small signatures, no choice of curve to get wrong, and openssl checks them as they are. */
export const RECEIPT_ALGORITHM = 'EdDSA';

/** A receipt is to be checked when it arrives; whoever archives receipts archives the key set with them. */
export const RETIRED_KEYS_STAY_FOR = 90 * 24 * 3_600_000;

const okp = { kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().min(1) };
const keyRing = z.strictObject({
  current: z.strictObject({
    kid: z.string().min(1),
    createdAt: z.number(),
    jwk: z.strictObject({ ...okp, d: z.string().min(1) }),
  }),
  /** Public halves only: what is not used any more cannot be stolen. */
  retired: z.array(z.strictObject({ kid: z.string().min(1), retiredAt: z.number(), jwk: z.strictObject(okp) })),
});

/** The key that receipts are signed with, and those before it; times in milliseconds. */
export type KeyRing = z.output<typeof keyRing>;

/** @throws TypeError that quotes nothing of the document */
export function decodeKeyRing(json: unknown): KeyRing {
  const parsed = keyRing.safeParse(json);
  if (!parsed.success) throw new TypeError('no set of receipt keys');
  return parsed.data;
}

export async function newKeyRing(now: number): Promise<KeyRing> {
  return { current: await newKey(now), retired: [] };
}

/** A new key signs from now on; the old one's public half stays to be checked with. */
export async function rotated({ current, retired }: KeyRing, now: number): Promise<KeyRing> {
  return withRetired({ current: await newKey(now), retired }, current, now);
}

/** The same ring, with the public half of a key that receipts were signed with. */
export function withRetired({ current, retired }: KeyRing, used: KeyRing['current'], now: number): KeyRing {
  const { d: _destroyed, ...jwk } = used.jwk;
  const young = retired.filter(({ retiredAt }) => now - retiredAt < RETIRED_KEYS_STAY_FOR);
  return { current, retired: [{ kid: used.kid, retiredAt: now, jwk }, ...young] };
}

export function hasKey({ current, retired }: KeyRing, kid: string): boolean {
  return [current, ...retired].some((key) => key.kid === kid);
}

/** RFC 7517 §5. */
export function publicKeysOf({ current, retired }: KeyRing, now: number): JWK[] {
  const { d: _private, ...jwk } = current.jwk;
  const young = retired.filter(({ retiredAt }) => now - retiredAt < RETIRED_KEYS_STAY_FOR);
  return [{ kid: current.kid, jwk }, ...young].map((key) => ({
    ...key.jwk,
    kid: key.kid,
    use: 'sig',
    alg: RECEIPT_ALGORITHM,
  }));
}

async function newKey(now: number): Promise<KeyRing['current']> {
  const { privateKey } = await generateKeyPair(RECEIPT_ALGORITHM, { extractable: true });
  const exported = await exportJWK(privateKey);
  const { current } = keyRing.pick({ current: true }).parse({
    // RFC 7638: a name that follows from the key.
    current: { kid: await calculateJwkThumbprint(exported), createdAt: now, jwk: exported },
  });
  return current;
}
