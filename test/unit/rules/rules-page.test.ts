import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSettings, SETTING_NAMES } from '../../../server/config.ts';
import { DEFAULT_BREAKER } from '../../../server/rules/breaker.ts';
import { DEFAULT_LIMITS, spanInWords, type Window } from '../../../server/rules/call-limits.ts';
import { REMEDIES } from '../../../server/rules/remedies.ts';
import { delayAfter, FREE_WRONG_CODES, MAX_WRONG_CODES } from '../../../server/rules/wrong-codes.ts';

const page = readFileSync(new URL('../../../docs/rules.md', import.meta.url), 'utf8');
const defaults = readSettings({});

/** The first two cells of the row whose first cell begins so: what it is about and its default. */
function rowsOf(name: string): readonly string[] {
  return page.split('\n').filter((line) => line.startsWith(`| ${name}`));
}

function defaultOf(name: string): string {
  return rowsOf(name)[0]?.split(' | ')[1] ?? 'no such row';
}

/** `3 in 10 min, 5 in 1 h, 10 in a day` */
function inWords(windows: readonly Window[]): string {
  const spans: Readonly<Record<number, string>> = { 60: '1 min', 600: '10 min', 3_600: '1 h', 86_400: 'a day' };
  return windows.map(({ calls, seconds }) => `${calls.toLocaleString('en')} in ${spans[seconds]}`).join(', ');
}

describe('docs/rules.md', () => {
  it.each(Object.keys(REMEDIES))('has a row for the rule %s', (rule) => {
    expect(rowsOf(`\`${rule}\``)).not.toEqual([]);
  });

  it('names no setting that there is not', () => {
    const named = new Set(page.match(/RINGPROOF_[A-Z_]+/g));
    expect([...named].filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
  });

  it.each([
    ['`number-calls`', defaults.RINGPROOF_LIMIT_NUMBER],
    ['`user-calls`', defaults.RINGPROOF_LIMIT_USER],
    ['`address-calls`', defaults.RINGPROOF_LIMIT_ADDRESS],
    ['`range-calls`', defaults.RINGPROOF_LIMIT_RANGE],
    ['`gateway-calls`', defaults.RINGPROOF_LIMIT_GATEWAY],
    ['answered calls of one number', defaults.RINGPROOF_LIMIT_CALLER],
  ])('has the default of %s', (row, windows) => {
    expect(defaultOf(row)).toContain(inWords(windows));
  });

  it('has the other defaults', () => {
    const { range, destination } = DEFAULT_BREAKER.sample;
    expect(defaultOf('`concurrent-calls`')).toBe(String(defaults.RINGPROOF_MAX_CALLS));
    expect(defaultOf('calls at the same time')).toContain(String(defaults.RINGPROOF_DIAL_IN_CALLS));
    expect(defaultOf('`verified-share`')).toContain(
      `under ${defaults.RINGPROOF_MIN_VERIFIED} % of at least ${range} calls to a range, or ${destination} to a destination`,
    );
    expect(defaultOf('`number-type`')).toBe('premium, shared cost, personal, pager, UAN, voicemail are refused');
    expect(defaults.RINGPROOF_REFUSED_TYPES).toEqual([
      'premium',
      'shared-cost',
      'personal',
      'pager',
      'uan',
      'voicemail',
    ]);
  });

  it('has the delays between calls to one number', () => {
    const spans = DEFAULT_LIMITS.delays.map((ms) => spanInWords(ms / 1_000));
    expect(spans).toEqual(['30 seconds', '1 minute', '2 minutes', '5 minutes', '15 minutes', '30 minutes', '1 hour']);
    expect(defaultOf('`growing-delay`')).toBe(
      '30 s after the first call of a day to a number, then 1, 2, 5, 15, 30 min, then 1 h',
    );
  });

  it('has the numbers of wrong codes', () => {
    expect(defaultOf('a verification')).toContain(`${FREE_WRONG_CODES} wrong codes`);
    expect(defaultOf('`wrong-codes`, growing delay')).toContain(
      `after the ${FREE_WRONG_CODES}th wrong code in a row for a number`,
    );
    expect(delayAfter(FREE_WRONG_CODES)).toBe(30_000);
    expect(defaultOf('`wrong-codes`, in a row')).toMatch(new RegExp(`^${MAX_WRONG_CODES}, `));
  });
});
