import { en, type Words } from './en.ts';

/** A language of the pages. Its words come when it is chosen, English's with the page: they stand in for all others. */
export interface Language {
  /** BCP 47. */
  readonly tag: string;
  /** What its speakers call it. */
  readonly name: string;
  load(): Promise<Words>;
}

const ENGLISH: Language = { tag: 'en', name: 'English', load: async () => en };

/** In the order of their names. */
export const LANGUAGES: readonly Language[] = [
  { tag: 'de', name: 'Deutsch', load: async () => (await import('./de.ts')).de },
  ENGLISH,
  { tag: 'es', name: 'Español', load: async () => (await import('./es.ts')).es },
  { tag: 'fr', name: 'Français', load: async () => (await import('./fr.ts')).fr },
  { tag: 'pt', name: 'Português', load: async () => (await import('./pt.ts')).pt },
  { tag: 'zh-CN', name: '中文', load: async () => (await import('./zh.ts')).zh },
];

export interface LanguageChoice {
  readonly language: Language;
  /** False: the pages speak none of the visitor's languages. English is to be read then; of the call it says nothing. */
  readonly isTheirs: boolean;
}

/** The first of these BCP 47 tags whose language the pages speak (RFC 4647 §3.4, lookup); English for everybody else. */
export function chooseLanguage(preferred: readonly string[]): LanguageChoice {
  for (const tag of preferred) {
    const language = LANGUAGES.find((one) => primary(one.tag) === primary(tag));
    if (language) return { language, isTheirs: true };
  }
  return { language: ENGLISH, isTheirs: false };
}

/** Its words; English where they cannot be had. */
export async function wordsOf(language: Language): Promise<Words> {
  return language.load().catch(() => en);
}

/** How the server names the voice of this language; undefined where it has none and should choose. */
export function voiceFor({ tag }: { readonly tag: string }, locales: readonly string[]): string | undefined {
  return locales.find((locale) => locale === tag) ?? locales.find((locale) => isSameLanguage(locale, tag));
}

/** Whatever their regions are. */
export function isSameLanguage(one: string, other: string): boolean {
  return primary(one) === primary(other);
}

function primary(tag: string): string {
  return (tag.split('-')[0] ?? tag).toLowerCase();
}
