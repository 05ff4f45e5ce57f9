/** So many presses have the intervals to judge by; it is also the shortest code. */
const PRESSES = 6;
/**
 * Standard deviation of the intervals, milliseconds. A machine's presses that arrive up to 8 ms early or late are found
 * in 99 of 100 codes; people are taken for one in fewer than 1 of 100, because the way from key to key differs, and in
 * up to 4 where somebody is as quick and steady as people get (test/unit/dtmf/key-rhythm.test.ts measures it).
 */
const REGULAR_MS = 12;
/**
 * Shorter than any press and the pause after it (40 ms each, ITU-T Q.24): these were held up on the way and came
 * together, and when they were keyed is not known.
 */
const CAUGHT_UP_MS = 40;

/** Whether the keys of a call came as regularly as only a machine presses them: a recording, a dialler, a program. */
export class KeyRhythm {
  #latest: readonly number[] = [];
  #isMachineRegular = false;

  /** A key was heard now; milliseconds of any clock that only moves forward. */
  press(now: number): void {
    this.#latest = [...this.#latest, now].slice(-PRESSES);
    if (this.#latest.length === PRESSES && areRegular(intervalsOf(this.#latest))) this.#isMachineRegular = true;
  }

  /** Once true, for the rest of the call. */
  get isMachineRegular(): boolean {
    return this.#isMachineRegular;
  }
}

function intervalsOf(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}

function areRegular(intervals: readonly number[]): boolean {
  if (intervals.some((interval) => interval < CAUGHT_UP_MS)) return false;
  const mean = intervals.reduce((sum, interval) => sum + interval, 0) / intervals.length;
  const squares = intervals.reduce((sum, interval) => sum + (interval - mean) ** 2, 0);
  return Math.sqrt(squares / (intervals.length - 1)) <= REGULAR_MS;
}
