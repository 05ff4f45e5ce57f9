import { describe, expect, it } from 'vitest';
import { lookUpLocale } from '../../../server/verification/locale-lookup.ts';

const AVAILABLE = ['de', 'en', 'es', 'pt', 'pt-PT', 'zh', 'sr-Latn'];

describe('the language that a tag is spoken in', () => {
  it.each([
    ['en', 'en'],
    ['EN', 'en'],
    ['en-GB', 'en'],
    ['en_US.UTF-8', 'en'],
    ['pt-pt', 'pt-PT'],
    ['pt-PT-x-north', 'pt-PT'],
    ['pt-BR', 'pt'],
    ['pt', 'pt'],
    ['zh-Hant-HK', 'zh'],
    ['cmn', 'zh'],
    ['es-419', 'es'],
    ['de-DE-1996', 'de'],
    ['sr-Cyrl-RS', 'sr-Latn'],
    ['sr', 'sr-Latn'],
  ])('of %s is %s', (tag, locale) => {
    expect(lookUpLocale(tag, AVAILABLE)).toBe(locale);
  });

  it.each([
    '',
    '-',
    '*',
    'e',
    'eng-GB-',
    'tlh',
    'x-en',
    'i-klingon',
    'english',
    'ｅｎ',
    '../en',
    `${'a-'.repeat(9_000)}en`,
  ])('is none for %s', (tag) => {
    expect(lookUpLocale(tag, AVAILABLE)).toBeUndefined();
  });
});
