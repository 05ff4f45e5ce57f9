import { spanInWords, type Window } from './call-limits.ts';
import type { CountedCall } from './counted-call.ts';
import type { RuleName } from './finding.ts';
import type { Rule } from './rule.ts';
import { SlidingWindow, type Fill } from './sliding-window.ts';

export interface WindowRuleOptions {
  readonly name: RuleName;
  /** `calls to this number` */
  readonly what: string;
  readonly windows: readonly Window[];
  /** Under which key a call is counted; undefined: it is not. */
  readonly keyOf: (
    call: Partial<Pick<CountedCall, 'number' | 'range' | 'address' | 'user' | 'party'>>,
  ) => string | undefined;
}

/** So many calls in ten minutes, an hour, a day; refuses for as long as the fullest window needs. */
export function windowRule({ name, what, windows, keyOf }: WindowRuleOptions): Rule {
  const counters = windows.map((window) => new SlidingWindow(window));
  return {
    name,
    judge: (call) => {
      const key = keyOf(call);
      if (key === undefined) return { rule: name, allowed: true, words: () => `${what}: not counted for this one` };
      const fills = counters.map((counter) => counter.fill(key, call.now));
      const full = fills.filter(({ waitMs }) => waitMs > 0);
      const words = (): string => `${what}: ${(full.length > 0 ? full : fills).map(inWords).join(', ')}`;
      return full.length === 0
        ? { rule: name, allowed: true, words }
        : {
            rule: name,
            allowed: false,
            code: 'rate_limited',
            words,
            waitMs: Math.max(...full.map(({ waitMs }) => waitMs)),
          };
    },
    apply: (line) => {
      const key = line.type === 'call' || line.type === 'awaited' ? keyOf(line) : undefined;
      if (key !== undefined) for (const counter of counters) counter.record(key, line.at);
    },
    forget: (now) => {
      for (const counter of counters) counter.forget(now);
    },
  };
}

function inWords({ window: { calls, seconds }, used }: Fill): string {
  return `${used} of ${calls} in ${spanInWords(seconds)}`;
}
