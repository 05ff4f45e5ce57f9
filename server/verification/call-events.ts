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
export class WrittenEvents implements LineEvents {
  readonly #verification: Verification;
  readonly #deps: CallEventsDeps;

  /** @param verification as the call found it */
  constructor(verification: Verification, deps: CallEventsDeps) {
    this.#verification = verification;
    this.#deps = deps;
  }

  onProgress(progress: CallProgress): void {
    const { id, call } = this.#verification;
    const { records, onError } = this.#deps;
    records
      .change(id, (current) => applyProgress(current, call.id, progress))
      .catch((error: unknown) => {
        if (!isErased(error)) onError(error, 'storing the progress of a call');
      });
  }

  onEnded(end: CallEnd): void {
    const { call } = this.#verification;
    this.#finish((current) => applyEnd(current, call.id, end), 'storing the end of a call');
  }

  onLost(outcome: Outcome): void {
    const { call } = this.#verification;
    this.#finish((current) => applyLoss(current, call.id, outcome), 'storing the loss of a call');
  }

  async onReport(): Promise<boolean> {
    return takeReport(this.#verification, this.#deps);
  }

  async onCode(code: string, keyTiming?: KeyTiming): Promise<Verdict> {
    const { id, call } = this.#verification;
    const { records, hash, onError } = this.#deps;
    const compare: Decision = (current) =>
      takesKeys(current, call.id)
        ? applyCode(noteTiming(current, keyTiming), checkCode(hash, current, code))
        : undefined;
    try {
      return verdictOf(await records.change(id, compare));
    } catch (error) {
      onError(error, 'comparing a keyed code');
      return 'failed';
    }
  }

  #finish(decide: Decision, what: string): void {
    void this.#deps.unwritten.write({ id: this.#verification.id, decide, what });
  }
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
