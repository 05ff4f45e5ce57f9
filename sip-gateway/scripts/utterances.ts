import type { CallRequest } from '../../server/verification/ports.ts';
import { type PromptName, type Speech, type Utterance, WORD_NAMES } from '../prompts/prompt-name.ts';
import type { Key } from './call-script.ts';
import { paymentUtterance } from './payment.ts';

/** The silences within a code, milliseconds. */
export interface Pace {
  readonly betweenDigits: number;
  readonly betweenGroups: number;
}

/** Time to hold a digit in mind or to key it. */
export const FIRST_PACE: Pace = { betweenDigits: 500, betweenGroups: 500 };
/** Whoever hears it again was too slow for the first, or writes it down: more time for each, and a rest as on the page. */
export const SLOW_PACE: Pace = { betweenDigits: 900, betweenGroups: 1_400 };

/**
 * Who calls and why, before anything else: people hang up on a voice that does not say it, and call screening
 * reads it out. The silence first is for the phone on its way to the ear, and for media that is up a moment later
 * than the call.
 */
const GREETING: Utterance = [{ pause: 500 }, 'greeting', 'operator-name', { pause: 400 }];

export interface OpeningOptions extends Pick<CallRequest, 'word' | 'transaction' | 'reportKey'> {
  /** The payee as an engine speaks it; absent: it is spelled. */
  readonly payee?: Speech;
}

/**
 * What a call of any method says first: who calls, the word that its page shows, what is to be approved, and the
 * key that says that nobody there asked for it.
 */
export function openingOf({ word, transaction, payee, reportKey }: OpeningOptions): Utterance {
  return [
    ...GREETING,
    ...(word === undefined ? [] : wordUtterance(word)),
    ...(transaction ? paymentUtterance(transaction, payee) : []),
    ...(reportKey === undefined ? [] : reportHint(reportKey)),
  ];
}

/** Throws a RangeError for a place that no list has. */
function wordUtterance(place: number): Utterance {
  const word = WORD_NAMES[place];
  if (word === undefined) throw new RangeError(`There are ${WORD_NAMES.length} words to share, and none at ${place}`);
  return ['word-intro', { pause: 200 }, word, { pause: 600 }];
}

/** What ends a call that nobody at this phone asked for. */
export function reportHint(key: Key): Utterance {
  return ['report-hint', digitPrompt(key), { pause: 400 }];
}

const DIGIT_PROMPTS: readonly PromptName[] = [
  'digit-0',
  'digit-1',
  'digit-2',
  'digit-3',
  'digit-4',
  'digit-5',
  'digit-6',
  'digit-7',
  'digit-8',
  'digit-9',
];

export function isDigit(key: Key): boolean {
  return /^\d$/.test(key);
}

/** Throws a TypeError for what is not a digit; without naming it, it may be part of a code. */
export function digitPrompt(key: Key): PromptName {
  const prompt = isDigit(key) ? DIGIT_PROMPTS[Number(key)] : undefined;
  if (prompt === undefined) throw new TypeError('Only the digits 0-9 can be spoken');
  return prompt;
}

/** The digits of a code, one by one. */
export function digitPrompts(code: string, { betweenDigits, betweenGroups }: Pace): Utterance {
  const size = groupSize(code.length);
  return Array.from(code).flatMap((key, index) => {
    if (index === 0) return [digitPrompt(key)];
    return [{ pause: index % size === 0 ? betweenGroups : betweenDigits }, digitPrompt(key)];
  });
}

/** Groups of two to four digits, the same as the page shows a code in. */
function groupSize(length: number): number {
  return length % 3 === 0 ? 3 : Math.ceil(length / Math.ceil(length / 4));
}
