import type { TrunkConfig } from '../../server/telephony/messages.ts';

/** How long a call may wait for its turn on a trunk that takes only so many a second; milliseconds. */
export const LONGEST_QUEUE = 5_000;

/**
 * How many calls a trunk takes, at the same time and a second. Calls are spaced, not let through in bursts: carriers
 * count them in each second, and one too many is refused or charged. Times in milliseconds.
 */
export class TrunkCapacity {
  readonly #maxCalls: number;
  readonly #spacing: number;
  #calls = 0;
  #nextAt = 0;

  constructor({ maxCalls = Infinity, callsPerSecond = Infinity }: Pick<TrunkConfig, 'maxCalls' | 'callsPerSecond'>) {
    this.#maxCalls = maxCalls;
    this.#spacing = 1_000 / callsPerSecond;
  }

  get calls(): number {
    return this.#calls;
  }

  /** How long the next call would have to wait; undefined when there is no room for it. */
  wait(now: number): number | undefined {
    const wait = Math.max(0, this.#nextAt - now);
    return this.#calls >= this.#maxCalls || wait > LONGEST_QUEUE ? undefined : wait;
  }

  /** Takes the next place, after that wait. To be given back with `release` when the call is over. */
  take(now: number): void {
    this.#calls += 1;
    this.#nextAt = Math.max(now, this.#nextAt) + this.#spacing;
  }

  release(): void {
    this.#calls -= 1;
  }
}
