import { MAX_CODE_TTL, type VerificationPolicy } from './policy.ts';
import { randomId } from './random-id.ts';
import type { CreateRequest } from './service.ts';
import { termsOf, type Network } from './terms.ts';
import type { SharedWord } from './shared-words.ts';
import type { Verification } from './verification.ts';

export interface NewKeys {
  readonly callId: string;
  readonly codeHash: string;
  readonly keyHash: string | undefined;
  readonly userHash: string | undefined;
  readonly word: SharedWord | undefined;
}

export interface NewTerms {
  readonly policy: VerificationPolicy;
  readonly network: Network;
  readonly now: number;
  /** Only of `dial-in`. */
  readonly dialIn?: string;
}

/** A pending verification with its first call queued; `request.to` is normalised. */
export function newVerification(
  request: CreateRequest,
  { callId, codeHash, keyHash, userHash, word }: NewKeys,
  { policy, network, now, dialIn }: NewTerms,
): Verification {
  const { relyingParty, to, method, locale, extension, metadata, nonce, transaction, callerId, trunk } = request;
  return {
    id: randomId('ver'),
    relyingParty,
    to,
    method,
    ...(dialIn !== undefined && { dialIn }),
    locale,
    status: 'pending',
    codeHash,
    ...(keyHash !== undefined && { idempotencyKeyHash: keyHash }),
    ...(userHash !== undefined && { userHash }),
    attemptsLeft: policy.wrongCodes,
    call: { id: callId, number: 1, state: 'queued', keys: 0 },
    ...(extension !== undefined && { extension }),
    ...(metadata !== undefined && { metadata: { ...metadata } }),
    ...(callerId !== undefined && { callerId }),
    ...(trunk !== undefined && { trunk }),
    ...(nonce !== undefined && { nonce }),
    ...(transaction !== undefined && { transaction: { ...transaction } }),
    ...(word && { word: word.place, wordText: word.text }),
    terms: termsOf(policy, { network, dialIn }),
    createdAt: now,
    updatedAt: now,
    expiresAt: now + Math.min(policy.codeTtl, MAX_CODE_TTL),
    revision: 0,
  };
}
