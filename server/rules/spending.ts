import { DAY } from './ledger.ts';

interface Spent {
  readonly call: string;
  readonly at: number;
  readonly destination: string;
  micros: number;
}

/** What is over is taken out when it is at least so much, and more than half. */
const SPARE = 64;

/**
 * What the calls of a day have cost, or may still cost, all together and by destination. To ask and to add costs the
 * same however many there were.
 */
export class Spending {
  readonly #byCall = new Map<string, Spent>();
  readonly #sums = new Map<string, number>();
  #sum = 0;
  /** The oldest first; those before `#first` are over. */
  #inOrder: Spent[] = [];
  #first = 0;

  add(spent: Readonly<Spent>): void {
    const kept = { ...spent };
    this.#byCall.set(kept.call, kept);
    this.#count(kept.destination, kept.micros);
    // Behind those that are not later: nearly always at the end, but a clock may be set back.
    let place = this.#inOrder.length;
    while (place > this.#first && (this.#inOrder[place - 1]?.at ?? 0) > kept.at) place -= 1;
    this.#inOrder.splice(place, 0, kept);
  }

  /** It is known what the call has cost. */
  correct(call: string, micros: number): void {
    const spent = this.#byCall.get(call);
    if (!spent) return;
    this.#count(spent.destination, micros - spent.micros);
    spent.micros = micros;
  }

  /** Millionths, in the day before this time. */
  sum(now: number, destination?: string): number {
    this.forget(now);
    return destination === undefined ? this.#sum : (this.#sums.get(destination) ?? 0);
  }

  /** When the first of these calls began. */
  oldest(destination?: string): number | undefined {
    for (let at = this.#first; at < this.#inOrder.length; at += 1) {
      const spent = this.#inOrder[at];
      if (destination === undefined || spent?.destination === destination) return spent?.at;
    }
    return undefined;
  }

  forget(now: number): void {
    for (;;) {
      const oldest = this.#inOrder[this.#first];
      if (!oldest || oldest.at > now - DAY) break;
      this.#first += 1;
      this.#byCall.delete(oldest.call);
      this.#count(oldest.destination, -oldest.micros);
    }
    if (this.#first < SPARE || this.#first * 2 < this.#inOrder.length) return;
    this.#inOrder = this.#inOrder.slice(this.#first);
    this.#first = 0;
  }

  #count(destination: string, micros: number): void {
    this.#sum += micros;
    this.#sums.set(destination, (this.#sums.get(destination) ?? 0) + micros);
  }
}
