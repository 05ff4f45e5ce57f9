import type { CallRoute, LineStatus, TelephonyStatus } from '../verification/ports.ts';
import type { TrunkConfig } from './messages.ts';
import { trunksFor } from './trunk-choice.ts';

/** Whether this call could be placed now, as far as is known: the voice server decides, a moment later. */
export function routeStatus(
  route: CallRoute,
  configs: readonly TrunkConfig[],
  { trunks = [], ...all }: TelephonyStatus,
): LineStatus {
  const names = trunksFor(route, configs).map(({ name }) => name);
  if (names.length === 0) return { ready: false, reason: 'no-trunk', detail: 'No trunk carries such numbers' };
  if (!all.ready) return all;
  const carriers = trunks.filter(({ name }) => names.includes(name));
  const [best] = carriers;
  // A voice server that tells of no trunk in particular knows no more than that it is ready.
  if (!best || carriers.some(({ ready, full }) => ready && full !== true)) return all;
  const down = carriers.find(({ ready }) => !ready);
  if (carriers.every(({ ready }) => !ready) && down && !down.ready) {
    return { ready: false, reason: down.reason, detail: down.detail };
  }
  return { ready: false, reason: 'trunks-full', detail: 'Every trunk that carries such numbers is full' };
}
