import type { KeyTiming, Outcome, Verdict } from './call.ts';
import type { KeyedHash } from './keyed-hash.ts';
import type { LineEvents } from './lines.ts';
import type { CallEnd, CallProgress } from './ports.ts';
import type { Decision, Records } from './records.ts';
import { takeReport, type ReportDeps } from './reports.ts';
import { applyCode, applyEnd, applyLoss, applyProgress, noteTiming, verdictOf } from './transitions.ts';
import { isErased } from './unwritten.ts';
import { isFinal, type Verification } from './verification.ts';

export interface CallEventsDeps extends ReportDeps {
  readonly records: Records;
  readonly hash: KeyedHash;
}

/** Writes what happens on one call into its verification; an older call's events change nothing. */
export function callEventsOf(verification: Verification, callId: string, deps: CallEventsDeps): LineEvents {
  const { records, hash, unwritten, onError } = deps;
  const { id } = verification;
  const write = (decide: Decision, what: string): void => {
    records.change(id, decide).catch((error: unknown) => {
      if (!isErased(error)) onError(error, what);
    });
  };
  const finish = (decide: Decision, what: string): void => void unwritten.write({ id, decide, what });
  return {
    onProgress: (progress: CallProgress) =>
      write((current) => applyProgress(current, callId, progress), 'storing the progress of a call'),
    onEnded: (end: CallEnd) => finish((current) => applyEnd(current, callId, end), 'storing the end of a call'),
    onLost: (outcome: Outcome) =>
      finish((current) => applyLoss(current, callId, outcome), 'storing the loss of a call'),
    onReport: async () => takeReport(verification, deps),
    onCode: async (code: string, keyTiming?: KeyTiming): Promise<Verdict> => {
      const compare: Decision = (current) =>
        takesKeys(current, callId)
          ? applyCode(noteTiming(current, keyTiming), checkCode(hash, current, code))
          : undefined;
      try {
        return verdictOf(await records.change(id, compare));
      } catch (error) {
        onError(error, 'comparing a keyed code');
        return 'failed';
      }
    },
  };
}

export function checkCode(hash: KeyedHash, verification: Verification, code: string): 'match' | 'mismatch' {
  const { codeHash } = verification;
  if (codeHash === undefined) return 'mismatch';
  return hash.same(hash.code(verification, code), codeHash) ? 'match' : 'mismatch';
}

/** A code that was spoken on the phone proves nothing when it comes back from the phone. */
function takesKeys({ status, method, call }: Verification, callId: string): boolean {
  return !isFinal(status) && method !== 'spoken' && call.id === callId && call.state !== 'ended';
}
