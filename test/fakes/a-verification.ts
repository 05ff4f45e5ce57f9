import type { Verification } from '../../server/verification/verification.ts';

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
