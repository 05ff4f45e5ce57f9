import type { PromptName } from '../prompts/prompt-name.ts';
import { ENGLISH } from '../prompts/render/lines-en.ts';
import { MANDARIN } from '../prompts/render/lines-zh.ts';

/** What a prompt of our packs says. */
export function wordsOf(prompt: PromptName, locale: string): string {
  const lines = locale.toLowerCase().startsWith('zh') ? MANDARIN : ENGLISH;
  return lines[prompt].text;
}
