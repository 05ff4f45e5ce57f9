import type { CallRecord, Verification } from '../../server/verification/verification.ts';

/** A pending verification; say only what your test is about. */
export function aVerification(overrides: Partial<Verification> = {}): Verification {
  return {
    id: 'ver_1',
    relyingParty: 'shop',
    to: '+12025550123',
    method: 'keypad',
    locale: 'en',
    status: 'pending',
    codeHash: 'hash-of-482913',
    attemptsLeft: 5,
    call: { id: 'call_1', number: 1, state: 'queued', keys: 0 },
    createdAt: 0,
    updatedAt: 0,
    expiresAt: 600_000,
    revision: 0,
    ...overrides,
  };
}

/** Every field that there is; the types see to it that a new one is added here. */
export const WHOLE_VERIFICATION: Required<Verification> = {
  ...aVerification(),
  reason: 'wrong-code',
  dialIn: '+12025550199',
  codeHash: 'hash-of-482913',
  idempotencyKeyHash: 'hash-of-key',
  userHash: 'hash-of-user',
  call: {
    id: 'call_1',
    number: 1,
    state: 'ended',
    keys: 6,
    keyTiming: 'machine-regular',
    outcome: 'wrong-code',
    sipStatus: 486,
    trunk: 'carrier',
    answeredMs: 7_850,
    transactionSpoken: true,
    cost: { micros: 12_000, currency: 'EUR' },
    caller: { source: 'asserted', validation: 'passed', attestation: 'A', claimed: 'A' },
  } satisfies Required<CallRecord>,
  extension: ',204#',
  metadata: { order: 'A-17' },
  callerId: '+12025550100',
  trunk: 'carrier',
  nonce: 'nonce-of-order-17',
  word: 17,
  wordText: 'kitten',
  transaction: { amount: '49.90 EUR', payee: 'Shop' },
  terms: { network: 'gateway', gateDigits: 1, codeLength: 6 },
  settledAt: 1,
  reportedAt: 2,
};
