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

/** The calls that have begun and not ended. */
export class LiveCalls {
  readonly #calls = new Map<string, LiveCall>();

  get ids(): readonly string[] {
    return [...this.#calls.keys()];
  }

  apply(line: LedgerLine): void {
    if (line.type === 'call') this.#calls.set(line.call, { number: line.number, at: line.at });
    if (line.type === 'ended') this.#calls.delete(line.call);
  }

  /** But for the one that is hung up for the call in question. */
  others(replaces: string | undefined, now: number): readonly LiveCall[] {
    return [...this.#calls].flatMap(([id, call]) => (id === replaces || call.at < now - LONGEST ? [] : [call]));
  }

  forget(now: number): void {
    for (const [id, { at }] of this.#calls) if (at < now - LONGEST) this.#calls.delete(id);
  }
}

/** One call at a time to a number, whoever asks for it. */
export function oneCallRule(live: LiveCalls): Rule {
  return {
    name: 'one-call',
    judge: ({ number, replaces, now }) =>
      live.others(replaces, now).some((call) => call.number === number)
        ? {
            rule: 'one-call',
            allowed: false,
            code: 'rate_limited',
            words: 'a call to this number is in progress',
            waitMs: LOOK_AGAIN,
          }
        : { rule: 'one-call', allowed: true, words: 'no call to this number is in progress' },
  };
}

/** What the gateway and whoever pays for it can carry. */
export function concurrentCallsRule(live: LiveCalls, most: number): Rule {
  return {
    name: 'concurrent-calls',
    judge: ({ replaces, now }) => {
      const calls = live.others(replaces, now).length;
      const words = `${calls} of ${most} calls at the same time`;
      return calls < most
        ? { rule: 'concurrent-calls', allowed: true, words }
        : { rule: 'concurrent-calls', allowed: false, code: 'rate_limited', words, waitMs: LOOK_AGAIN };
    },
  };
}
