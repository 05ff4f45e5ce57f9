import { languageOfCountry } from './country-language.ts';
import { Problem } from './problem.ts';

export interface Locales {
  /** The languages that there is a voice for, as tags: `en`, and `pt-PT` where an operator has recorded that. */
  readonly available: readonly string[];
  readonly fallback: string;
}

/** What tells which language a call is to be held in. */
export interface LocaleWishes {
  /** By the request. */
  readonly asked: string | undefined;
  /** The header of the page's request; empty when there is none. */
  readonly acceptLanguage: string;
  /** Of the number, ISO 3166; only looked up when nothing else tells. */
  readonly country: () => string | undefined;
}

/**
 * The language a call is held in: the one asked for, else the first of Accept-Language that we speak, else that of
 * the number's country, else the server's. Regions fall back to their language: `zh-TW` is spoken as `zh` (RFC 4647
 * §3.4, lookup).
 * @throws Problem `unknown_locale` when one was asked for that we do not speak.
 */
export function chooseLocale({ asked, acceptLanguage, country }: LocaleWishes, locales: Locales): string {
  if (asked !== undefined) return spoken(asked, locales) ?? refuse(locales);
  for (const tag of byPreference(acceptLanguage)) {
    const locale = spoken(tag, locales);
    if (locale !== undefined) return locale;
  }
  const language = languageOfCountry(country() ?? '');
  return (language !== undefined && spoken(language, locales)) || locales.fallback;
}

function spoken(tag: string, { available }: Locales): string | undefined {
  const parts = tag.toLowerCase().split('-');
  for (let length = parts.length; length > 0; length--) {
    const shortened = parts.slice(0, length).join('-');
    const locale = available.find((each) => each.toLowerCase() === shortened);
    if (locale !== undefined) return locale;
  }
  return undefined;
}

function refuse({ available }: Locales): never {
  const expected = available.join(' or ');
  throw new Problem('unknown_locale', {
    detail: `There is a voice for ${expected}.`,
    errors: [{ field: '/locale', expected, got: 'another language' }],
  });
}

/** RFC 9110 §12.5.4: `da, en-gb;q=0.8`. */
function byPreference(header: string): readonly string[] {
  return header
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [tag = '', quality = ''] = part.split(';').map((piece) => piece.trim());
      return { tag, weight: /^q=[01](\.\d{0,3})?$/.test(quality) ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
