import { nearestName } from '../nearest-name.ts';
import { PROMPT_NAMES, type PromptName, WORD_NAMES } from '../prompt-name.ts';
import { lineOf, LINES } from './lines.ts';

/** What each prompt is to say. */
export type Texts = ReadonlyMap<PromptName, string>;

/** Why lines cannot be spoken, in words for the one who wrote them. */
export class LinesError extends Error {
  override readonly name = 'LinesError';
}

/** What our own pack of this language says; throws a LinesError where we have none. */
export function ourTexts(locale: string): Texts {
  const lines = LINES[locale];
  if (!lines) throw new LinesError(`We have no lines for "${locale}", only for ${Object.keys(LINES).join(', ')}`);
  return new Map(PROMPT_NAMES.map((name) => [name, lineOf(lines, name).text]));
}

/**
 * Reads `{"greeting": "Buongiorno. …", …}`. A language that we have a pack for may have some prompts only, since ours
 * stay for the others; any other needs all of them. Throws a LinesError that names what is wrong.
 */
export function readTexts(json: string, locale: string): Texts {
  const entries = Object.entries(readObject(json));
  const texts = new Map(entries.map(([name, text]) => [promptNamed(name), textOf(name, text)]));
  const missing = PROMPT_NAMES.filter((name) => !texts.has(name));
  if (missing.length > 0 && !Object.hasOwn(LINES, locale)) {
    throw new LinesError(`A pack for "${locale}" needs all prompts; these are missing: ${missing.join(', ')}`);
  }
  return texts;
}

/** The words for the page, as the lines say them; undefined where no line is of a word. */
export function wordsOf(texts: Texts, locale: string): readonly string[] | undefined {
  if (!WORD_NAMES.some((name) => texts.has(name))) return undefined;
  const ours = Object.hasOwn(LINES, locale) ? ourTexts(locale) : undefined;
  return WORD_NAMES.map((name) => (texts.get(name) ?? ours?.get(name) ?? '').replace(/[\s.!。]+$/, ''));
}

function readObject(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new LinesError('Lines are a JSON object such as {"greeting": "Buongiorno."}');
}

function promptNamed(name: string): PromptName {
  const prompt = PROMPT_NAMES.find((each) => each === name);
  if (prompt) return prompt;
  const nearest = nearestName(name, PROMPT_NAMES);
  throw new LinesError(`There is no prompt "${name}"${nearest === undefined ? '' : `: did you mean ${nearest}?`}`);
}

function textOf(name: string, text: unknown): string {
  if (typeof text === 'string' && text.trim() !== '') return text;
  throw new LinesError(`"${name}" has to be a text, not ${JSON.stringify(text)}`);
}
