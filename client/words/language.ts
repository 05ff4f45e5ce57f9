import { en, type Words } from './en.ts';
import { zh } from './zh.ts';

/** The languages of the pages; the first is spoken to everybody else. */
export const LANGUAGES: readonly Words[] = [en, zh];

/** The first of these BCP 47 tags whose language the pages speak (RFC 4647 §3.4, lookup). */
export function chooseLanguage(preferred: readonly string[]): Words {
  for (const tag of preferred) {
    const found = LANGUAGES.find((words) => primary(words.tag) === primary(tag));
    if (found) return found;
  }
  return en;
}

/** How the server names the voice of this language; undefined where it has none and should choose. */
export function voiceFor(words: Words, locales: readonly string[]): string | undefined {
  return (
    locales.find((locale) => locale === words.tag) ?? locales.find((locale) => primary(locale) === primary(words.tag))
  );
}

function primary(tag: string): string {
  return (tag.split('-')[0] ?? tag).toLowerCase();
}
