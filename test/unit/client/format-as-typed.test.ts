import { describe, expect, it } from 'vitest';
import { countriesIn, countryOrDefault } from '../../../client/number/country-list.ts';
import { formatAsTyped } from '../../../client/number/format-as-typed.ts';

describe('a number while it is typed', () => {
  it('is written as the country writes it', () => {
    expect(formatAsTyped('2025550123', 10, 'US').text).toBe('(202) 555-0123');
  });

  it('keeps the caret behind the digit that was typed in the middle', () => {
    const { text, caret } = formatAsTyped('(20925550123', 4, 'US');
    expect(text.slice(0, caret).replace(/\D/g, '')).toBe('209');
  });

  it('names the country of its + prefix', () => {
    expect(formatAsTyped('+86138', 6, 'US').country).toBe('CN');
  });

  it('leaves the chosen country when a shared prefix does not tell them apart', () => {
    expect(formatAsTyped('+1', 2, 'CA').country).toBe('CA');
  });

  it.each(['alice@example.com', 'sip:1001', '*43'])('leaves %s alone', (text) => {
    expect(formatAsTyped(text, 2, 'US')).toEqual({ text, caret: 2, country: undefined });
  });
});

describe('the list of countries', () => {
  it('is written and sorted in the language of the visitor', () => {
    const chinese = countriesIn('zh-CN');
    expect(chinese.find(({ code }) => code === 'DE')).toEqual({ code: 'DE', name: '德国', callingCode: '49' });
    expect(chinese.map(({ name }) => name)).not.toEqual(countriesIn('en').map(({ name }) => name));
  });

  it('stands at a country that exists, whatever the server says', () => {
    expect([countryOrDefault('CN'), countryOrDefault('XX')]).toEqual(['CN', 'US']);
  });
});
