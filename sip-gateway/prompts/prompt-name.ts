import { SHARED_WORD_COUNT } from '../../server/verification/shared-words.ts';
import type { Codec } from '../media/media-engine.ts';

/** What is said in every call, and in some. */
const PHRASES = [
  'greeting', // "Hello. This is a verification call from"
  'operator-name', // "Ringproof"; operators replace it with their own
  'gate-ask', // "To show that you are there, please press"   (followed by a digit, or by several)
  'gate-wrong', // "That was not right. Please press"          (followed by a digit, or by several)
  'gate-still-there', // "Are you still there? Please press"   (followed by a digit, or by several)
  'keypad-ask', // "Please enter the code that you see on the web page"
  'keypad-again', // "I did not hear the whole code. Please enter it again"
  'keypad-wrong', // "That code is not right. Please try again"
  'code-intro', // "Your code is"
  'code-repeat', // "Again, your code is"
  'code-last', // "One last time, your code is"
  'warning', // "Nobody will ever ask you for this code; do not tell it to anyone"
  'verdict-verified', // "Thank you. Your number is verified"
  'verdict-locked', // "There were too many wrong codes. Please start again on the web page"
  'verdict-expired', // "The time for this code is over. ..."
  'verdict-canceled', // "This verification was canceled on the web page"
  'verdict-failed', // "We could not verify your number. Please start again on the web page"
  'no-input', // "I did not hear any key"
  'report-hint', // "If you did not ask for this call, please press"   (followed by a digit)
  'report-done', // "Thank you for telling us. We will not call this number again"
  'repeat-hint', // "To hear it again, press the star key"
  'word-intro', // "Your web page shows the word"   (followed by a word)
  'dial-in-unknown', // "Nobody is waiting for a call from your number. ..."
  'dial-in-withheld', // "Your number is hidden. Please show it and call again"
  'dial-in-no-code', // "The code for this number is not valid any more. ..."
  'trunk-test', // "This is a test call. Please press the keys one, two, three"
  'goodbye', // "Goodbye"
  'payment-intro', // "You are approving a payment of"   (followed by an amount)
  'payee-intro', // "The payee is"                      (followed by the payee)
  'decimal-point', // "point": between the digits of an amount
  'currency-aud', // "Australian dollars", and so on (ISO 4217)
  'currency-brl',
  'currency-cad',
  'currency-chf',
  'currency-cny',
  'currency-eur',
  'currency-gbp',
  'currency-inr',
  'currency-jpy',
  'currency-mxn',
  'currency-sek',
  'currency-usd',
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
] as const;
export type PhraseName = (typeof PHRASES)[number];

/** The words of server/verification/shared-words.ts, by their place in the list of the language. */
export const WORD_NAMES: readonly WordName[] = Array.from(
  { length: SHARED_WORD_COUNT },
  (_, place) => `word-${place}` as const,
);
export type WordName = `word-${number}`;

/** A name that no engine reads aloud is spelled. */
export const LETTER_NAMES: readonly LetterName[] = Array.from(
  'abcdefghijklmnopqrstuvwxyz',
  (letter) => `letter-${letter}` as const,
);
export type LetterName = `letter-${string}`;

export type PromptName = PhraseName | WordName | LetterName;

/** Everything recorded that a call script can ask for; each pack has one recording for each. */
export const PROMPT_NAMES: readonly PromptName[] = [...PHRASES, ...WORD_NAMES, ...LETTER_NAMES];

export function isPhrase(name: PromptName): name is PhraseName {
  return PHRASES.some((phrase) => phrase === name);
}

/** What a speech engine made of a text. */
export interface Speech {
  /** Of 20 ms, ready to be sent; shared by all calls, not to be written to. */
  frames(codec: Codec): readonly Uint8Array[];
}

/** What is said in one breath: recordings, silences (milliseconds, a multiple of 20) and what an engine spoke. */
export type Utterance = readonly (PromptName | { readonly pause: number } | Speech)[];
