import { isSupportedCountry } from 'libphonenumber-js/max';
import { describe, expect, it, vi } from 'vitest';
import { LOCALES } from '../../../server/config.ts';
import { chooseLocale, type Locales, type LocaleWishes } from '../../../server/http/locale.ts';
import { languageOfCountry } from '../../../server/http/country-language.ts';
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
    [undefined, 'zh-CN,zh;q=0.9', 'zh'],
    [undefined, 'en;q=0.3, zh;q=0.7', 'zh'],
    [undefined, 'fr, de;q=0.9, zh;q=0.1', 'zh'],
    [undefined, 'zh;q=0, en', 'en'],
    [undefined, 'fr', 'en'],
    [undefined, '*', 'en'],
    [undefined, '', 'en'],
    [undefined, ';;,,q=1;=', 'en'],
  ])('asked %s with Accept-Language %j is %s', (asked, acceptLanguage, locale) => {
    expect(choose({ asked, acceptLanguage }, TWO)).toBe(locale);
  });

  it.each(['tlh', '', 'english', 'e'])('is refused as %j, since it was asked for', (asked) => {
    expect(() => choose({ asked, acceptLanguage: 'en', from: 'DE' })).toThrow(Problem);
  });

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

  it('does not look at the number when the page has told', () => {
    const country = vi.fn<LocaleWishes['country']>();
    chooseLocale({ asked: undefined, acceptLanguage: 'fr', country }, ALL);
    expect(country).not.toHaveBeenCalled();
  });
});

describe('the languages of countries', () => {
  const codes = Array.from({ length: 26 * 26 }, (_, n) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26)));
  const listed = codes.filter((code) => languageOfCountry(code) !== undefined);

  it('are languages that there is a voice for', () => {
    expect(new Set(listed.map(languageOfCountry))).toEqual(new Set(LOCALES));
  });

  it('are told of countries that have telephone numbers', () => {
    const withoutNumbers = listed.filter((code) => !isSupportedCountry(code));
    expect(withoutNumbers.length).toBeLessThan(5);
  });
});
