import type { CountedCall } from './counted-call.ts';
import type { Finding } from './finding.ts';
import { DAY, type LedgerLine } from './ledger.ts';
import { costOf, type Rate, type RateDeck } from './rate-deck.ts';
import type { Rule } from './rule.ts';
import { Spending } from './spending.ts';

export interface CostCaps {
  /** Millionths of the deck's currency in any 24 hours; absent: no cap. */
  readonly perDay?: number | undefined;
  /** The same for each prefix of the deck. */
  readonly perPrefixAndDay?: number | undefined;
}

export interface CostOptions extends CostCaps {
  readonly deck: RateDeck;
  /** A call cannot last longer, milliseconds. */
  readonly longestCall: number;
}

/** With a rate deck, a number without a price is a number whose bill nobody knows. */
export function priceRule(): Rule {
  return {
    name: 'price',
    judge: ({ to, rate }) =>
      rate || !to.startsWith('+')
        ? { rule: 'price', allowed: true, words: () => (rate ? `${rate.prefix} has a price` : 'costs nothing') }
        : { rule: 'price', allowed: false, code: 'number_not_allowed', words: () => 'no price in the rate deck' },
  };
}

/** What calls of the last day have cost, and what those in progress may still cost. */
export class CostRule implements Rule {
  readonly name = 'cost-per-day';
  readonly #options: CostOptions;
  readonly #spending = new Spending();

  constructor(options: CostOptions) {
    this.#options = options;
  }

  /** So much is spoken for while the call lasts. */
  reserve(rate: Rate): number {
    return costOf(rate, this.#options.longestCall);
  }

  judge({ rate, destination, now }: CountedCall): Finding {
    const { perDay, perPrefixAndDay, deck } = this.#options;
    if (!rate) return { rule: 'cost-per-day', allowed: true, words: () => 'costs nothing' };
    const caps = [
      { what: 'in a day', cap: perDay },
      { what: `in a day to ${rate.prefix}`, cap: perPrefixAndDay, destination },
    ];
    const most = this.reserve(rate);
    const words: (() => string)[] = [];
    for (const { what, cap, destination: to } of caps) {
      if (cap === undefined) continue;
      const sum = this.#spending.sum(now, to);
      const line = (): string =>
        `${inUnits(sum)} of ${inUnits(cap)} ${deck.currency} ${what}, this call up to ${inUnits(most)}`;
      if (most > cap) {
        // Time does not help.
        const alone = (): string =>
          `one call may cost ${inUnits(most)} ${deck.currency}, more than all calls ${what} together`;
        return { rule: 'cost-per-day', allowed: false, code: 'number_not_allowed', words: alone };
      }
      if (sum + most > cap) {
        const waitMs = (this.#spending.oldest(to) ?? now) + DAY - now;
        return { rule: 'cost-per-day', allowed: false, code: 'rate_limited', words: line, waitMs };
      }
      words.push(line);
    }
    return {
      rule: 'cost-per-day',
      allowed: true,
      words: () => words.map((line) => line()).join('; ') || 'no cap is set',
    };
  }

  apply(line: LedgerLine): void {
    if (line.type === 'call' && line.reserved !== undefined) {
      const { call, at, destination = '', reserved: micros } = line;
      this.#spending.add({ call, at, destination, micros });
    }
    // A call whose end was lost keeps what was reserved for it: nobody knows how long it lasted.
    if (line.type === 'ended' && line.cost !== undefined) this.#spending.correct(line.call, line.cost);
  }

  forget(now: number): void {
    this.#spending.forget(now);
  }
}

function inUnits(micros: number): string {
  return (micros / 1_000_000).toFixed(4).replace(/\.?0+$/, '');
}
