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
}

/**
 * Whoever pumps calls to numbers that pay him verifies none of them. When too few of a range or of a destination are
 * verified, calls there stop for a while; then a new sample is taken.
 */
export class BreakerRule implements Rule {
  readonly name = 'verified-share';
  readonly #options: BreakerOptions;
  readonly #circuits = new Map<string, Circuit>();

  constructor(options: BreakerOptions = DEFAULT_BREAKER) {
    this.#options = options;
  }

  judge(call: CountedCall): Finding {
    const stopped = keysOf(call).map(({ key }) => this.#circuits.get(key)?.openUntil ?? 0);
    const waitMs = Math.max(0, ...stopped) - call.now;
    return waitMs <= 0
      ? { rule: 'verified-share', allowed: true, words: 'enough calls to numbers like this are verified' }
      : {
          rule: 'verified-share',
          allowed: false,
          code: 'rate_limited',
          words: `stopped: under ${this.#options.threshold * 100} % of the calls to numbers like this were verified`,
          waitMs,
        };
  }

  /** Whether this line is the one that stops the calls to its numbers. */
  stops(line: LedgerLine): boolean {
    return line.type === 'result' && keysOf(line).some((each) => this.#after(each, line).openUntil > line.at);
  }

  apply(line: LedgerLine): void {
    if (line.type !== 'result') return;
    for (const each of keysOf(line)) this.#circuits.set(each.key, this.#after(each, line));
  }

  forget(now: number): void {
    for (const [key, { results, openUntil }] of this.#circuits) {
      if (openUntil <= now && results.every(({ at }) => at <= now - DAY)) this.#circuits.delete(key);
    }
  }

  #after({ key, kind }: Key, { at, calls, verified }: Result): Circuit {
    const before = this.#circuits.get(key) ?? { results: [], openUntil: 0 };
    // Calls that were under way when the others stopped are not yet the new sample.
    if (before.openUntil > at) return before;
    const results = [...before.results.filter((result) => result.at > at - DAY), { at, calls, verified }];
    const total = results.reduce((sum, result) => sum + result.calls, 0);
    const good = results.filter((result) => result.verified).length;
    const { sample, threshold, stopFor } = this.#options;
    return total >= sample[kind] && good / total < threshold
      ? { results: [], openUntil: at + stopFor }
      : { results, openUntil: 0 };
  }
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
