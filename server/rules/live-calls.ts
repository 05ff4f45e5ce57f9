import type { LedgerLine } from './ledger.ts';
import type { Rule } from './rule.ts';

interface LiveCall {
  readonly number: string;
  readonly at: number;
}

/** No call lasts longer (docs/policy.md); a call whose end was lost must not keep its number busy for ever. */
const LONGEST = 11 * 60_000;
/** When to look again: about what a call takes. */
const LOOK_AGAIN = 60_000;

/** The calls that have begun and not ended. To ask costs the same however many there are. */
export class LiveCalls {
  readonly #calls = new Map<string, LiveCall>();
  /** Nearly always one. */
  readonly #byNumber = new Map<string, readonly string[]>();

  /** None of them began earlier. A map that is looked at from its beginning walks over all that has left it. */
  #oldest = Infinity;

  get ids(): readonly string[] {
    return [...this.#calls.keys()];
  }

  apply(line: LedgerLine): void {
    if (line.type === 'call') {
      const { call, number, at } = line;
      this.#calls.set(call, { number, at });
      this.#oldest = Math.min(this.#oldest, at);
      this.#byNumber.set(number, [...(this.#byNumber.get(number) ?? []), call]);
    }
    if (line.type === 'ended') this.#end(line.call);
  }

  /** How many there are, but for the one that is hung up for the call in question. */
  count(replaces: string | undefined, now: number): number {
    this.forget(now);
    return this.#calls.size - (replaces !== undefined && this.#calls.has(replaces) ? 1 : 0);
  }

  isRinging(number: string, replaces: string | undefined, now: number): boolean {
    this.forget(now);
    return this.#byNumber.get(number)?.some((id) => id !== replaces) ?? false;
  }

  forget(now: number): void {
    const over = now - LONGEST;
    if (this.#oldest >= over) return;
    this.#oldest = Infinity;
    // They stand in the order in which they began.
    for (const [id, { at }] of this.#calls) {
      if (at >= over) {
        this.#oldest = at;
        break;
      }
      this.#end(id);
    }
  }

  #end(id: string): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    const others = this.#byNumber.get(call.number)?.filter((each) => each !== id) ?? [];
    if (others.length === 0) this.#byNumber.delete(call.number);
    else this.#byNumber.set(call.number, others);
  }
}

/** One call at a time to a number, whoever asks for it. */
export function oneCallRule(live: LiveCalls): Rule {
  return {
    name: 'one-call',
    judge: ({ number, replaces, now }) =>
      live.isRinging(number, replaces, now)
        ? {
            rule: 'one-call',
            allowed: false,
            code: 'rate_limited',
            words: () => 'a call to this number is in progress',
            waitMs: LOOK_AGAIN,
          }
        : { rule: 'one-call', allowed: true, words: () => 'no call to this number is in progress' },
  };
}

/** What the gateway and whoever pays for it can carry. */
export function concurrentCallsRule(live: LiveCalls, most: number): Rule {
  return {
    name: 'concurrent-calls',
    judge: ({ replaces, now }) => {
      const calls = live.count(replaces, now);
      const words = (): string => `${calls} of ${most} calls at the same time`;
      return calls < most
        ? { rule: 'concurrent-calls', allowed: true, words }
        : { rule: 'concurrent-calls', allowed: false, code: 'rate_limited', words, waitMs: LOOK_AGAIN };
    },
  };
}
