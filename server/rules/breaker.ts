import { Circuit, type Result } from './circuit.ts';
import type { CountedCall } from './counted-call.ts';
import type { Finding } from './finding.ts';
import type { LedgerLine } from './ledger.ts';
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
    return { rule: 'verified-share', allowed: true, words: () => 'enough calls to numbers like this are verified' };
  }

  /** To which numbers this line will stop the calls. */
  stoppedBy(line: LedgerLine): readonly Key['kind'][] {
    return line.type === 'result' ? this.#stopping(line).map(({ kind }) => kind) : [];
  }

  apply(line: LedgerLine): void {
    if (line.type === 'call') for (const { key } of keysOf(line)) this.#circuit(key).began(line.at);
    if (line.type === 'excused') {
      for (const { key } of keysOf(line)) this.#circuits.get(key)?.settle(line.calls, line.at);
    }
    if (line.type !== 'result') return;
    const stopping = this.#stopping(line);
    // What was under way when the others stopped belongs to the next sample.
    for (const { key } of keysOf(line)) this.#circuit(key).add(line);
    for (const { key } of stopping) this.#circuit(key).open(line.at + this.#options.stopFor);
  }

  forget(now: number): void {
    for (const [key, circuit] of this.#circuits) {
      const isEmpty = circuit.tally(now).total + circuit.unsettled(now) === 0;
      if (isEmpty && circuit.openUntil <= now) this.#circuits.delete(key);
    }
  }

  #circuit(key: string): Circuit {
    const known = this.#circuits.get(key);
    if (known) return known;
    const circuit = new Circuit();
    this.#circuits.set(key, circuit);
    return circuit;
  }

  #isUnproven({ key, kind }: Key, now: number): boolean {
    const circuit = this.#circuits.get(key);
    if (!circuit) return false;
    const { total, good } = circuit.tally(now);
    const all = total + circuit.unsettled(now);
    return all >= SAMPLES_UNDER_WAY * this.#options.sample[kind] && good / all < this.#options.threshold;
  }

  #stopping(line: Numbers & Result): readonly Key[] {
    const { sample, threshold } = this.#options;
    return keysOf(line).filter(({ key, kind }) => {
      const circuit = this.#circuits.get(key) ?? new Circuit();
      if (circuit.openUntil > line.at) return false;
      const before = circuit.tally(line.at);
      const total = before.total + line.calls;
      return total >= sample[kind] && (before.good + (line.verified ? 1 : 0)) / total < threshold;
    });
  }
}

function refusal(words: string, waitMs: number): Finding {
  return { rule: 'verified-share', allowed: false, code: 'rate_limited', words: () => words, waitMs };
}

type Numbers = Pick<CountedCall, 'range' | 'destination'>;

interface Key {
  readonly key: string;
  readonly kind: keyof BreakerOptions['sample'];
}

function keysOf({ range, destination }: Numbers): readonly Key[] {
  return [
    ...(range === undefined ? [] : [{ key: `range ${range}`, kind: 'range' } as const]),
    ...(destination === undefined ? [] : [{ key: `destination ${destination}`, kind: 'destination' } as const]),
  ];
}
