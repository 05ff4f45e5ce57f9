import { describe, expect, it } from 'vitest';
import { chooseLocale } from '../../../server/http/locale.ts';
import { Problem } from '../../../server/http/problem.ts';

const LOCALES = { available: ['en', 'zh'], fallback: 'en' };

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
  ])('asked %s with Accept-Language %j is %s', (asked, header, locale) => {
    expect(chooseLocale(asked, header, LOCALES)).toBe(locale);
  });

  it.each(['fr', '', 'english', 'e'])('refuses %j, since it was asked for', (asked) => {
    expect(() => chooseLocale(asked, 'en', LOCALES)).toThrow(Problem);
  });
});
