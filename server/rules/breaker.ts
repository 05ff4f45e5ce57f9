import type { CountedCall } from './counted-call.ts';
import type { Finding } from './finding.ts';
import { DAY, type LedgerLine } from './ledger.ts';
import type { Rule } from './rule.ts';

export interface BreakerOptions {
  /** Under this share of verified among the calls, calls stop. */
  readonly threshold: number;
  /** Fewer calls than these show nothing: to a range of numbers, and to a destination. */
  readonly sample: { readonly range: number; readonly destination: number };
  /** How long calls stop, milliseconds. */
  readonly stopFor: number;
}

/** People verify six to eight calls of ten; pumped traffic under two (docs/rules.md). */
export const DEFAULT_BREAKER: BreakerOptions = {
  threshold: 0.2,
  sample: { range: 10, destination: 50 },
  stopFor: 3_600_000,
};

interface Result {
  readonly at: number;
  readonly calls: number;
  readonly verified: boolean;
}

interface Circuit {
  readonly results: readonly Result[];
  readonly openUntil: number;
  /** When the calls began of which nobody knows yet what they bring. */
  readonly unsettled: readonly number[];
}

const UNTOUCHED: Circuit = { results: [], openUntil: 0, unsettled: [] };
/** A code lives ten minutes, so that by then it is known; what was never told is of no interest after that. */
const UNSETTLED_FOR = 11 * 60_000;
/** So many samples may be under way before they must have shown something. */
const SAMPLES_UNDER_WAY = 2;
/** When to look again: about what a call takes. */
const LOOK_AGAIN = 60_000;

/**
 * Whoever pumps calls to numbers that pay him, or guesses at the codes of strangers, verifies none of them. When too few
 * of a range or of a destination are verified, calls there stop for a while; then a new sample is taken. Calls of which
 * nobody knows yet what they bring count as well once there are many, or somebody could have a day's calls placed before
 * the first of them is judged.
 */
export class BreakerRule implements Rule {
  readonly name = 'verified-share';
  readonly #options: BreakerOptions;
  readonly #circuits = new Map<string, Circuit>();

  constructor(options: BreakerOptions = DEFAULT_BREAKER) {
    this.#options = options;
  }

  judge(call: CountedCall): Finding {
    const { now } = call;
    const keys = keysOf(call);
    const openUntil = Math.max(0, ...keys.map(({ key }) => this.#circuits.get(key)?.openUntil ?? 0));
    const few = `under ${this.#options.threshold * 100} % of the calls to numbers like this were verified`;
    if (openUntil > now) return refusal(`stopped: ${few}`, openUntil - now);
    if (keys.some((each) => this.#isUnproven(each, now))) {
      return refusal(`too many calls to numbers like this wait for their end, and ${few}`, LOOK_AGAIN);
    }
    return { rule: 'verified-share', allowed: true, words: 'enough calls to numbers like this are verified' };
  }

  /** To which numbers this line stops the calls. */
  stoppedBy(line: LedgerLine): readonly Key['kind'][] {
    if (line.type !== 'result') return [];
    const stopped = keysOf(line).filter((each) => {
      const before = this.#circuits.get(each.key) ?? UNTOUCHED;
      return before.openUntil <= line.at && this.#after(each, line).openUntil > line.at;
    });
    return stopped.map(({ kind }) => kind);
  }

  apply(line: LedgerLine): void {
    if (line.type === 'call') {
      for (const { key } of keysOf(line)) {
        const before = this.#circuits.get(key) ?? UNTOUCHED;
        this.#circuits.set(key, { ...before, unsettled: [...unsettledAt(before, line.at), line.at] });
      }
    }
    if (line.type === 'result') for (const each of keysOf(line)) this.#circuits.set(each.key, this.#after(each, line));
  }

  /** These calls came to nothing by our own fault: nobody waits for what they bring. */
  excuse({ calls, ...to }: Pick<CountedCall, 'range' | 'destination'> & { readonly calls: number }): void {
    for (const { key } of keysOf(to)) {
      const before = this.#circuits.get(key);
      if (before) this.#circuits.set(key, { ...before, unsettled: before.unsettled.slice(calls) });
    }
  }

  forget(now: number): void {
    for (const [key, circuit] of this.#circuits) {
      const isQuiet = circuit.openUntil <= now && circuit.results.every(({ at }) => at <= now - DAY);
      if (isQuiet && unsettledAt(circuit, now).length === 0) this.#circuits.delete(key);
    }
  }

  #isUnproven({ key, kind }: Key, now: number): boolean {
    const circuit = this.#circuits.get(key) ?? UNTOUCHED;
    const { total, good } = tally(circuit.results.filter(({ at }) => at > now - DAY));
    const all = total + unsettledAt(circuit, now).length;
    const { sample, threshold } = this.#options;
    return all >= SAMPLES_UNDER_WAY * sample[kind] && good / all < threshold;
  }

  #after({ key, kind }: Key, { at, calls, verified }: Result): Circuit {
    const before = this.#circuits.get(key) ?? UNTOUCHED;
    const results = [...before.results.filter((result) => result.at > at - DAY), { at, calls, verified }];
    const unsettled = unsettledAt(before, at).slice(calls);
    // What was under way when the others stopped belongs to the next sample.
    if (before.openUntil > at) return { ...before, results, unsettled };
    const { total, good } = tally(results);
    const { sample, threshold, stopFor } = this.#options;
    return total >= sample[kind] && good / total < threshold
      ? { results: [], openUntil: at + stopFor, unsettled }
      : { results, openUntil: 0, unsettled };
  }
}

function tally(results: readonly Result[]): { readonly total: number; readonly good: number } {
  return {
    total: results.reduce((sum, { calls }) => sum + calls, 0),
    good: results.filter(({ verified }) => verified).length,
  };
}

function unsettledAt({ unsettled }: Circuit, now: number): readonly number[] {
  return unsettled.filter((at) => at > now - UNSETTLED_FOR);
}

function refusal(words: string, waitMs: number): Finding {
  return { rule: 'verified-share', allowed: false, code: 'rate_limited', words, waitMs };
}

interface Key {
  readonly key: string;
  readonly kind: keyof BreakerOptions['sample'];
}

function keysOf({ range, destination }: Pick<CountedCall, 'range' | 'destination'>): readonly Key[] {
  return [
    ...(range === undefined ? [] : [{ key: `range ${range}`, kind: 'range' } as const]),
    ...(destination === undefined ? [] : [{ key: `destination ${destination}`, kind: 'destination' } as const]),
  ];
}
