import type { PromptName, Utterance } from '../prompts/prompt-name.ts';
import type { Key } from './call-script.ts';

/** Between two digits of a code: time to write one down. */
const BETWEEN_DIGITS: Utterance[number] = { pause: 500 };

/**
 * Who calls and why, before anything else: people hang up on a voice that does not say it, and call screening
 * reads it out. The silence first is for the phone on its way to the ear, and for media that is up a moment later
 * than the call.
 */
export const GREETING: Utterance = [{ pause: 500 }, 'greeting', 'operator-name', { pause: 400 }];

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
export function digitPrompts(code: string): Utterance {
  return Array.from(code).flatMap((key, index) =>
    index === 0 ? [digitPrompt(key)] : [BETWEEN_DIGITS, digitPrompt(key)],
  );
}
