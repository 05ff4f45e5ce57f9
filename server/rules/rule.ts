import type { Finding, RuleName } from './finding.ts';
import type { LedgerLine } from './ledger.ts';
import type { CountedCall } from './counted-call.ts';

/** Judges one call by what it remembers, and changes nothing by judging. */
export interface Rule {
  readonly name: RuleName;
  judge(call: CountedCall): Finding;
  /** Remembers what happened. Also how it comes to its memory after a restart: every line, in order. */
  apply?(line: LedgerLine): void;
  /** Drops what can no longer matter at this time. */
  forget?(now: number): void;
}
