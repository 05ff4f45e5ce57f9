import type { Clock, DoNotCall } from './ports.ts';
import { applyReport } from './transitions.ts';
import type { Unwritten } from './unwritten.ts';
import type { Verification } from './verification.ts';

export interface ReportDeps {
  readonly unwritten: Unwritten;
  readonly doNotCall: DoNotCall | undefined;
  readonly now: Clock;
  readonly onError: (error: unknown, what: string) => void;
}

/**
 * The phone holder said that nobody there had asked for this call. The list comes first: whatever happens to the
 * verification, the number is not called again. Resolves with whether that cannot be forgotten any more.
 */
export async function takeReport(verification: Verification, deps: ReportDeps): Promise<boolean> {
  const { unwritten, doNotCall, now, onError } = deps;
  const { id, to } = verification;
  const isKept = await keep(to, isTheHolder(verification) ? doNotCall : undefined).catch((error: unknown) => {
    onError(error, 'keeping a number that is not to be called');
    return false;
  });
  await unwritten.write({ id, decide: (current) => applyReport(current, now()), what: 'storing a report' });
  return isKept;
}

/**
 * Whether the number is that of who pressed the key: it was rung, or the carrier of who called vouches for it. Anyone
 * can write a number into a call, and nobody may put another's on the list that way (docs/adr/0015).
 */
function isTheHolder({ method, call: { caller } }: Verification): boolean {
  return method !== 'dial-in' || (caller?.validation === 'passed' && caller.attestation === 'A');
}

async function keep(to: string, doNotCall: DoNotCall | undefined): Promise<boolean> {
  await doNotCall?.add(to, 'reported');
  return doNotCall !== undefined;
}
