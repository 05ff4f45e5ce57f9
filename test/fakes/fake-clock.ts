/** A clock that stands still until it is told otherwise. */
export class FakeClock {
  #now: number;

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
