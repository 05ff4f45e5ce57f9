import { spanInWords } from './call-limits.ts';
import type { Finding } from './finding.ts';
import type { LedgerLine } from './ledger.ts';
import type { Rule } from './rule.ts';

/** NIST SP 800-63B §5.2.2: no more than 100 consecutive wrong tries for one account. */
export const MAX_WRONG_CODES = 100;
/** So many cost no waiting: those of one verification. */
export const FREE_WRONG_CODES = 5;
/** NIST SP 800-63B §5.2.2 suggests 30 seconds, growing to an hour. */
const FIRST_DELAY = 30_000;
const LONGEST_DELAY = 3_600_000;

interface WrongCodes {
  /** Since the last right one of anybody behind the number. */
  readonly inARow: number;
  readonly lastAt: number;
  /** Since the last right one of the very extension that they were for; '' is the number itself. */
  readonly byExtension: ReadonlyMap<string, number>;
}

const NONE: WrongCodes = { inARow: 0, lastAt: 0, byExtension: new Map() };

/** Milliseconds to wait after so many wrong codes in a row. */
export function delayAfter(wrong: number): number {
  return wrong < FREE_WRONG_CODES ? 0 : Math.min(FIRST_DELAY * 2 ** (wrong - FREE_WRONG_CODES), LONGEST_DELAY);
}

/**
 * Wrong codes for one number in a row, over all its verifications and all relying parties: a new verification must
 * not buy five new guesses. A right code begins the count anew, and so does the operator. On a company line a right code
 * ends everybody's waiting, and of the hundred it gives back only those of its own extension: whoever has one there must
 * not buy guesses at his colleagues' with it (docs/adr/0005).
 */
export class WrongCodesRule implements Rule {
  readonly name = 'wrong-codes';
  readonly #wrong = new Map<string, WrongCodes>();

  judge({ number, now }: { readonly number: string; readonly now: number }): Finding {
    const { inARow, lastAt, byExtension } = this.#wrong.get(number) ?? NONE;
    const count = [...byExtension.values()].reduce((sum, each) => sum + each, 0);
    const words = (): string => `${count} wrong codes in a row of at most ${MAX_WRONG_CODES}`;
    if (count >= MAX_WRONG_CODES) {
      return { rule: 'wrong-codes', allowed: false, code: 'rate_limited', words, waitMs: LONGEST_DELAY };
    }
    const delay = delayAfter(inARow);
    const waitMs = lastAt + delay - now;
    return waitMs <= 0
      ? { rule: 'wrong-codes', allowed: true, words }
      : {
          rule: 'wrong-codes',
          allowed: false,
          code: 'rate_limited',
          words: () => `${words()}: the next one may come ${spanInWords(delay / 1_000)} after the last`,
          waitMs,
        };
  }

  apply(line: LedgerLine): void {
    if (line.type === 'forgiven') this.#wrong.delete(line.number);
    if (line.type !== 'right' && line.type !== 'wrong') return;
    const { number, extension = '', at } = line;
    const before = this.#wrong.get(number) ?? NONE;
    const byExtension = new Map(before.byExtension);
    if (line.type === 'wrong') {
      byExtension.set(extension, (byExtension.get(extension) ?? 0) + 1);
      this.#wrong.set(number, { inARow: before.inARow + 1, lastAt: at, byExtension });
      return;
    }
    byExtension.delete(extension);
    if (byExtension.size === 0) this.#wrong.delete(number);
    else this.#wrong.set(number, { inARow: 0, lastAt: at, byExtension });
  }
}
