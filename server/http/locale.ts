import { lookUpLocale } from '../verification/locale-lookup.ts';
import type { Telephony } from '../verification/ports.ts';
import { languagesOfCountry } from './country-language.ts';
import { Problem } from './problem.ts';

export interface Locales {
  /** The languages that there is a voice for, as tags: `en`, and `pt-PT` where an operator has recorded that. */
  readonly available: readonly string[];
  readonly fallback: string;
}

/** What a telephone speaks; it has a voice for the server's own language, however the operator has written that. */
export function localesOf({ voices }: Pick<Telephony, 'voices'>, defaultLocale: string): Locales {
  const available = voices.map(({ locale }) => locale);
  return { available, fallback: lookUpLocale(defaultLocale, available) ?? defaultLocale };
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
 * the number's country, else the server's. Regions fall back to their language (locale-lookup.ts).
 * @throws Problem `unknown_locale` when one was asked for that we do not speak.
 */
export function chooseLocale({ asked, acceptLanguage, country }: LocaleWishes, locales: Locales): string {
  const { available, fallback } = locales;
  if (available.length === 0) refuse(locales);
  if (asked !== undefined) return lookUpLocale(asked, available) ?? refuse(locales);
  return (
    firstSpoken(byPreference(acceptLanguage), available) ??
    firstSpoken(languagesOfCountry(country() ?? ''), available) ??
    fallback
  );
}

function firstSpoken(tags: readonly string[], available: readonly string[]): string | undefined {
  for (const tag of tags) {
    const locale = lookUpLocale(tag, available);
    if (locale !== undefined) return locale;
  }
  return undefined;
}

function refuse({ available }: Locales): never {
  const expected = available.join(' or ') || 'none of the languages that are allowed here';
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
      return { tag, weight: /^q=[01](\.\d{0,3})?$/i.test(quality) ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
