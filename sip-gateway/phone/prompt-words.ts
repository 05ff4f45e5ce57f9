import type { Voice } from '../../server/verification/ports.ts';
import { type PromptName, WORD_NAMES } from '../prompts/prompt-name.ts';
import { lineOf, LINES } from '../prompts/render/lines.ts';

/**
 * What a prompt of our packs says; in English where the pack is an operator's own in another language. A word that page
 * and call share is the one that the page shows.
 */
export function wordsOf(prompt: PromptName, locale: string, voices: readonly Voice[]): string {
  const words = voices.find((voice) => voice.locale === locale)?.words;
  const word = words?.[WORD_NAMES.findIndex((name) => name === prompt)];
  if (word !== undefined) return word;
  const [language = ''] = locale.toLowerCase().split('-');
  const lines = LINES[language] ?? LINES['en'];
  return lines ? lineOf(lines, prompt).text : prompt;
}
