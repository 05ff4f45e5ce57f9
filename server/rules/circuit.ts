import { DAY } from './ledger.ts';

/** What a verification brought, with as many calls. */
export interface Result {
  readonly at: number;
  readonly calls: number;
  readonly verified: boolean;
}

/** A code lives ten minutes, so that by then it is known; what was never told is of no interest after that. */
const UNSETTLED_FOR = 11 * 60_000;
/** What is over is taken out when it is at least so much, and more than half. */
const SPARE = 64;

/**
 * The calls to one range or destination: those of a day whose result is known, and those whose result is not. To ask and
 * to add costs the same however many there are.
 */
export class Circuit {
  openUntil = 0;
  /** The oldest first; those before `#first` are over. */
  #results: Result[] = [];
  #first = 0;
  #total = 0;
  #good = 0;
  /** When they began, the oldest first. */
  #unsettled: number[] = [];
  #firstUnsettled = 0;

  /** How many calls there were in a day, and how many verifications of them succeeded. */
  tally(now: number): { readonly total: number; readonly good: number } {
    for (;;) {
      const oldest = this.#results[this.#first];
      if (!oldest || oldest.at > now - DAY) break;
      this.#first += 1;
      this.#total -= oldest.calls;
      this.#good -= oldest.verified ? 1 : 0;
    }
    if (this.#first >= SPARE && this.#first * 2 > this.#results.length) {
      this.#results = this.#results.slice(this.#first);
      this.#first = 0;
    }
    return { total: this.#total, good: this.#good };
  }

  unsettled(now: number): number {
    while ((this.#unsettled[this.#firstUnsettled] ?? now) <= now - UNSETTLED_FOR) this.#firstUnsettled += 1;
    if (this.#firstUnsettled >= SPARE && this.#firstUnsettled * 2 > this.#unsettled.length) {
      this.#unsettled = this.#unsettled.slice(this.#firstUnsettled);
      this.#firstUnsettled = 0;
    }
    return this.#unsettled.length - this.#firstUnsettled;
  }

  began(at: number): void {
    this.#unsettled.push(at);
  }

  /** Nobody waits any more for what so many of them bring. */
  settle(calls: number, now: number): void {
    this.#firstUnsettled += Math.min(calls, this.unsettled(now));
  }

  add(result: Result): void {
    this.settle(result.calls, result.at);
    this.#results.push(result);
    this.#total += result.calls;
    this.#good += result.verified ? 1 : 0;
  }

  /** From now on calls stop; then a new sample is taken. */
  open(until: number): void {
    this.openUntil = until;
    this.#results = [];
    this.#first = 0;
    this.#total = 0;
    this.#good = 0;
  }
}
