import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Finding } from './finding.ts';
import type { Rule } from './rule.ts';

/** `allow +12025550123` or `block +4470*`: an exact number, or every one that begins so. */
export interface NumberListEntry {
  readonly kind: 'allow' | 'block';
  readonly number: string;
  readonly isPrefix: boolean;
}

class NumberListError extends Error {
  override readonly name = 'NumberListError';
}

/**
 * Reads an operator's list: one entry a line, `#` begins a comment.
 * @throws NumberListError that names the line, never the number
 */
export function parseNumberList(text: string): readonly NumberListEntry[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [written = ''] = line.split('#');
    if (written.trim() === '') return [];
    const { kind, number, star } =
      /^(?<kind>allow|block)\s+(?<number>\+\d[\d ().-]*|sip:[^\s*]+|\d{1,15})(?<star>\*?)$/.exec(written.trim())
        ?.groups ?? {};
    if ((kind !== 'allow' && kind !== 'block') || number === undefined) {
      throw new NumberListError(
        `line ${index + 1}: expected "allow" or "block" and a number, with * at the end for all that begin so`,
      );
    }
    const isPrefix = star === '*';
    return [{ kind, number: number.startsWith('+') ? inDigits(number, isPrefix) : number.toLowerCase(), isPrefix }];
  });
}

/** As the number plan writes what a visitor types: `+44 (0)20 7946 0018` has a zero that nobody dials from abroad. */
function inDigits(number: string, isPrefix: boolean): string {
  const whole = isPrefix ? undefined : parsePhoneNumberFromString(number);
  return whole?.number ?? `+${number.replace('(0)', '').replaceAll(/\D/g, '')}`;
}

/** The entry that decides: the longest that fits, an exact one before a prefix, a block before an allow. */
export function entryFor(list: readonly NumberListEntry[], to: string): NumberListEntry | undefined {
  const asked = to.toLowerCase();
  return list
    .filter(({ number, isPrefix }) => (isPrefix ? asked.startsWith(number) : asked === number))
    .toSorted((a, b) => weight(b) - weight(a))
    .at(0);
}

function weight({ kind, number, isPrefix }: NumberListEntry): number {
  return number.length * 4 + (isPrefix ? 0 : 2) + (kind === 'block' ? 1 : 0);
}

export function numberListRule(list: readonly NumberListEntry[]): Rule {
  return { name: 'number-list', judge: ({ to }) => judge(list, to) };
}

const NOT_LISTED: Finding = { rule: 'number-list', allowed: true, words: () => 'not on the list' };

function judge(list: readonly NumberListEntry[], to: string): Finding {
  const entry = entryFor(list, to);
  if (!entry) return NOT_LISTED;
  const { kind, number, isPrefix } = entry;
  const what = isPrefix ? `numbers that begin with ${number}` : 'this number';
  return kind === 'allow'
    ? { rule: 'number-list', allowed: true, words: () => `${what} may be rung whatever country and type say` }
    : { rule: 'number-list', allowed: false, code: 'number_not_allowed', words: () => `${what} are blocked` };
}
