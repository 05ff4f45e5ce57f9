import type { TelephonyStatus, TrunkStatus } from '../../server/verification/ports.ts';

/** Calls can be placed as long as one trunk can be reached; `starting` as long as one of them may still be. */
export function statusOf(trunks: readonly TrunkStatus[]): TelephonyStatus {
  if (trunks.some(({ ready }) => ready)) return { ready: true, trunks };
  const down = trunks.flatMap((trunk) => (trunk.ready ? [] : [trunk]));
  const first = down.find(({ reason }) => reason === 'starting') ?? down[0];
  const detail = down.length === 1 ? first?.detail : down.map((one) => `${one.name}: ${one.detail}`).join('; ');
  return { ready: false, reason: first?.reason ?? 'closed', detail: detail ?? 'there is no trunk', trunks };
}
