/** A trunk that may carry the call and was not tried for it yet. */
export interface Candidate {
  readonly ready: boolean;
  /** It failed a moment ago: better not first. */
  readonly resting: boolean;
  /** Milliseconds until it takes another call, 0 for now; undefined when it is full. */
  readonly wait: number | undefined;
}

/**
 * Which of the candidates, the best first, is tried next: one that did not just fail, and takes a call soonest. A
 * worse one that takes it now goes before a better one that would let it wait. Undefined when none will within
 * `patience` milliseconds.
 */
export function nextTry<C extends Candidate>(candidates: readonly C[], patience: number): C | undefined {
  return candidates
    .filter(({ ready, wait }) => ready && wait !== undefined && wait <= patience)
    .toSorted((a, b) => Number(a.resting) - Number(b.resting) || (a.wait ?? 0) - (b.wait ?? 0))[0];
}
