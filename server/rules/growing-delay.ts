import type { LedgerLine } from './ledger.ts';
import { DAY } from './ledger.ts';
import type { Rule } from './rule.ts';
import { spanInWords } from './call-limits.ts';

/** Each call to a number makes the next one wait longer; a day without calls makes it short again. */
export function growingDelayRule(delays: readonly number[]): Rule {
  const calls = new Map<string, readonly number[]>();
  return {
    name: 'growing-delay',
    judge: ({ number, now }) => {
      const recent = (calls.get(number) ?? []).filter((at) => at > now - DAY);
      const last = Math.max(...recent);
      const delay = delays[Math.min(recent.length, delays.length) - 1] ?? 0;
      const waitMs = recent.length === 0 ? 0 : last + delay - now;
      return waitMs <= 0
        ? { rule: 'growing-delay', allowed: true, words: () => wordsFor(recent.length) }
        : {
            rule: 'growing-delay',
            allowed: false,
            code: 'rate_limited',
            words: () => `${spanInWords(delay / 1_000)} must lie between call ${recent.length} of the day and the next`,
            waitMs,
          };
    },
    apply: (line: LedgerLine) => {
      if (line.type === 'call') calls.set(line.number, [...(calls.get(line.number) ?? []), line.at]);
    },
    forget: (now) => {
      for (const [number, times] of calls) {
        const recent = times.filter((at) => at > now - DAY);
        if (recent.length === 0) calls.delete(number);
        else calls.set(number, recent);
      }
    },
  };
}

function wordsFor(calls: number): string {
  if (calls === 0) return 'no call to this number in a day';
  return `${calls} ${calls === 1 ? 'call' : 'calls'} to this number in a day, the last long enough ago`;
}
