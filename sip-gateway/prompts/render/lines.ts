import { isPhrase, LETTER_NAMES, type PromptName, WORD_NAMES } from '../prompt-name.ts';
import { GERMAN, GERMAN_VOCABULARY } from './lines-de.ts';
import { ENGLISH, ENGLISH_VOCABULARY } from './lines-en.ts';
import { SPANISH, SPANISH_VOCABULARY } from './lines-es.ts';
import { FRENCH, FRENCH_VOCABULARY } from './lines-fr.ts';
import { PORTUGUESE, PORTUGUESE_VOCABULARY } from './lines-pt.ts';
import { MANDARIN, MANDARIN_VOCABULARY } from './lines-zh.ts';
import type { Line, Lines, Vocabulary } from './voice.ts';

/** All that a pack says. */
export interface PackLines extends Vocabulary {
  readonly phrases: Lines;
}

/** What our own packs say, by the language tag of the pack. */
export const LINES: Readonly<Record<string, PackLines>> = {
  de: { phrases: GERMAN, ...GERMAN_VOCABULARY },
  en: { phrases: ENGLISH, ...ENGLISH_VOCABULARY },
  es: { phrases: SPANISH, ...SPANISH_VOCABULARY },
  fr: { phrases: FRENCH, ...FRENCH_VOCABULARY },
  pt: { phrases: PORTUGUESE, ...PORTUGUESE_VOCABULARY },
  zh: { phrases: MANDARIN, ...MANDARIN_VOCABULARY },
};

/** Throws a RangeError where the pack lacks a word or a letter. */
export function lineOf({ phrases, words, letters }: PackLines, name: PromptName): Line {
  if (isPhrase(name)) return phrases[name];
  const line =
    words[WORD_NAMES.findIndex((each) => each === name)] ?? letters[LETTER_NAMES.findIndex((each) => each === name)];
  if (!line) throw new RangeError(`There is no line for the prompt "${name}"`);
  return line;
}
