import type { PromptName } from '../prompts/prompt-name.ts';
import { lineOf, LINES } from '../prompts/render/lines.ts';

/** What a prompt of our packs says; in English where the pack is an operator's own in another language. */
export function wordsOf(prompt: PromptName, locale: string): string {
  const [language = ''] = locale.toLowerCase().split('-');
  const lines = LINES[language] ?? LINES['en'];
  return lines ? lineOf(lines, prompt).text : prompt;
}
