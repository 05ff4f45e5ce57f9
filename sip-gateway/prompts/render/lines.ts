import { GERMAN } from './lines-de.ts';
import { ENGLISH } from './lines-en.ts';
import { SPANISH } from './lines-es.ts';
import { FRENCH } from './lines-fr.ts';
import { PORTUGUESE } from './lines-pt.ts';
import { MANDARIN } from './lines-zh.ts';
import type { Lines } from './voice.ts';

/** What our own packs say, by the language tag of the pack. */
export const LINES: Readonly<Record<string, Lines>> = {
  de: GERMAN,
  en: ENGLISH,
  es: SPANISH,
  fr: FRENCH,
  pt: PORTUGUESE,
  zh: MANDARIN,
};
