import type { VerificationView } from '../../server/http/contract.ts';

/** How a pending `keypad` verification is seen over HTTP, with whatever a test changes. */
export function aView(
  changes: Partial<Omit<VerificationView, 'call'>> & { readonly call?: Partial<VerificationView['call']> } = {},
): VerificationView {
  const { call, ...rest } = changes;
  const now = Date.now();
  return {
    id: 'ver_1',
    to: '+12025550123',
    method: 'keypad',
    locale: 'en',
    status: 'pending',
    attemptsLeft: 5,
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 600_000).toISOString(),
    ...rest,
    call: { id: 'call_1', number: 1, state: 'queued', keys: 0, ...call },
  };
}
