import { isSupportedCountry } from 'libphonenumber-js/max';
import { describe, expect, it, vi } from 'vitest';
import { LOCALES } from '../../../server/config.ts';
import { chooseLocale, localesOf, type Locales, type LocaleWishes } from '../../../server/http/locale.ts';
import { languagesOfCountry } from '../../../server/http/country-language.ts';
import { localesFor } from '../../../server/http/relying-parties.ts';
import { Problem } from '../../../server/http/problem.ts';

const ALL: Locales = { available: LOCALES, fallback: 'en' };
const TWO: Locales = { available: ['en', 'zh'], fallback: 'en' };

function choose(wishes: Partial<LocaleWishes> & { readonly from?: string | undefined }, locales = ALL): string {
  return chooseLocale({ asked: undefined, acceptLanguage: '', country: () => wishes.from, ...wishes }, locales);
}

describe('the language of a call', () => {
  it.each([
    ['zh', '', 'zh'],
    ['zh-Hant-TW', 'en', 'zh'],
    ['EN-gb', 'zh', 'en'],
    ['zh_CN', 'en', 'zh'],
    ['cmn-Hans-CN', 'en', 'zh'],
    ['zh-yue-HK', 'en', 'zh'],
    ['en-x-ours', 'zh', 'en'],
    [undefined, 'zh-CN,zh;q=0.9', 'zh'],
    [undefined, 'en;q=0.3, zh;q=0.7', 'zh'],
    [undefined, 'fr, de;q=0.9, zh;q=0.1', 'zh'],
    [undefined, 'zh;q=0, en', 'en'],
    [undefined, 'fr', 'en'],
    [undefined, '*', 'en'],
    [undefined, '', 'en'],
    [undefined, ';;,,q=1;=', 'en'],
    [undefined, 'zh;Q=0.2, en;Q=0.8', 'en'],
    [undefined, `${'zh-'.repeat(4_000)}, zh`, 'zh'],
  ])('asked %s with Accept-Language %j is %s', (asked, acceptLanguage, locale) => {
    expect(choose({ asked, acceptLanguage }, TWO)).toBe(locale);
  });

  it.each(['tlh', '', 'english', 'e', '-', 'x-en', '__proto__', '\u212A'])(
    'is refused as %j, since it was asked for',
    (asked) => {
      expect(() => choose({ asked, acceptLanguage: 'en', from: 'DE' })).toThrow(Problem);
    },
  );

  it('is the one asked for before that of the page, and that of the page before that of the number', () => {
    const wishes = { acceptLanguage: 'pt-BR', from: 'DE' };
    expect([choose({ ...wishes, asked: 'fr' }), choose(wishes), choose({ from: 'DE' })]).toEqual(['fr', 'pt', 'de']);
  });

  it.each([
    ['ES', 'es'],
    ['MX', 'es'],
    ['BR', 'pt'],
    ['CN', 'zh'],
    ['GB', 'en'],
    ['CH', 'de'],
    ['BE', 'fr'],
    ['CA', 'en'],
  ])('is, of a number in %s and a page whose language has no voice, %s', (from, locale) => {
    expect(choose({ acceptLanguage: 'ja, tlh', from }, { ...ALL, fallback: 'de' })).toBe(locale);
  });

  it.each(['JP', undefined])('is the server’s for a number in %s', (from) => {
    expect(choose({ from }, { ...ALL, fallback: 'pt' })).toBe('pt');
  });

  it('is the server’s where the language of the number is not among those allowed', () => {
    expect(choose({ from: 'DE' }, { available: ['en', 'fr'], fallback: 'fr' })).toBe('fr');
  });

  it('is that of a region where an operator has recorded that, and of its language elsewhere', () => {
    const locales = { available: ['pt', 'pt-PT'], fallback: 'pt' };
    expect([choose({ asked: 'pt-pt' }, locales), choose({ asked: 'pt-BR' }, locales)]).toEqual(['pt-PT', 'pt']);
  });

  it('is another region’s where there is only that', () => {
    const locales = { available: ['en', 'it-CH'], fallback: 'en' };
    const tags = ['it', 'it-IT', 'IT_it'];
    expect(tags.map((asked) => choose({ asked }, locales))).toEqual(['it-CH', 'it-CH', 'it-CH']);
    expect(choose({ acceptLanguage: 'it-IT' }, locales)).toBe('it-CH');
  });

  it.each([
    ['IT', 'it'],
    ['BE', 'nl'],
    ['IN', 'hi'],
    ['PK', 'en'],
  ])('is, of a number in %s, also one that an operator has recorded: %s', (from, locale) => {
    expect(choose({ from }, { available: ['en', 'fr', 'hi', 'it', 'nl'], fallback: 'fr' })).toBe(locale);
  });

  it('is not looked for longer than a tag can be', () => {
    const started = performance.now();
    choose({ acceptLanguage: 'a-'.repeat(8_000) });
    expect(performance.now() - started).toBeLessThan(20);
  });

  it('does not look at the number when the page has told', () => {
    const country = vi.fn<LocaleWishes['country']>();
    chooseLocale({ asked: undefined, acceptLanguage: 'fr', country }, ALL);
    expect(country).not.toHaveBeenCalled();
  });
});

describe('the languages that a server speaks', () => {
  const telephony = { voices: ['en', 'it-CH', 'zh'].map((locale) => ({ locale, words: [] })) };

  it.each([
    ['en-GB', 'en'],
    ['IT', 'it-CH'],
    ['zh_TW', 'zh'],
  ])('are those of its voices, also where its own is written as %s', (own, fallback) => {
    expect(localesOf(telephony, own)).toEqual({ available: ['en', 'it-CH', 'zh'], fallback });
  });

  it.each([
    [undefined, ['en', 'it-CH', 'zh'], 'en'],
    [['EN-gb', 'zh'], ['en', 'zh'], 'en'],
    [['it'], ['it-CH'], 'it-CH'],
  ])('are, for a relying party with %j, %j', (locales, available, fallback) => {
    const party = { name: 'shop', limits: {}, locales };
    expect(localesFor(party, localesOf(telephony, 'en'))).toEqual({ available, fallback });
  });
});

describe('the languages of countries', () => {
  const SPOKEN = new Set<string>(LOCALES);
  const codes = Array.from({ length: 26 * 26 }, (_, n) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26)));
  const listed = codes.filter((code) => languagesOfCountry(code).some((language) => SPOKEN.has(language)));

  it('are, each of ours, that of some', () => {
    const first = codes.map((code) => languagesOfCountry(code).find((language) => SPOKEN.has(language)));
    expect(new Set(first.filter((language) => language !== undefined))).toEqual(SPOKEN);
  });

  it('are told of countries that have telephone numbers', () => {
    const withoutNumbers = listed.filter((code) => !isSupportedCountry(code));
    expect(withoutNumbers.length).toBeLessThan(5);
  });
});
