import { describe, expect, it } from 'vitest';
import { MAX_SPELLED_LENGTH, readAloud, spelledOut } from '../../../server/verification/spelling.ts';

describe('a name that is spelled', () => {
  it.each([
    ['Bookshop', ['bookshop']],
    ['Müller & Söhne GmbH', ['muller', 'sohne', 'gmbh']],
    ['Straße 7', ['strasse', '7']],
    ['Łódź Œuvre Ærø', ['lodz', 'oeuvre', 'aero']],
    ['amazon.com', ['amazon', 'com']],
    ["O'Reilly", ['o', 'reilly']],
    ['  3M  ', ['3m']],
    ['ﬁrma Ⅷ', ['firma', 'viii']],
  ])('is %s by its letters and digits', (name, words) => {
    expect(spelledOut(name)).toEqual(words);
  });

  it.each([
    ['of another alphabet', '上海书店'],
    ['partly of another alphabet', 'Café Пушкин'],
    ['of Arabic digits', '٣٤'],
    ['without a letter', '--- !!!'],
    ['empty', ''],
  ])('cannot be one %s', (_, name) => {
    expect(spelledOut(name)).toBeUndefined();
  });

  it('has so many letters at most, counted without what stands between them', () => {
    const longest = 'ab '.repeat(MAX_SPELLED_LENGTH / 2);
    expect(spelledOut(longest)).toHaveLength(MAX_SPELLED_LENGTH / 2);
    expect(spelledOut(`${longest}c`)).toBeUndefined();
  });
});

describe('a name that an engine reads aloud', () => {
  it.each([
    ['上海书店', '上海书店'],
    ['Müller & Söhne', 'Müller & Söhne'],
    ['--version', 'version'],
    ['-w /etc/passwd', 'w  etc passwd'],
    ['<speak>shop</speak>', 'speak shop  speak'],
    ['[[h@l@U]]', 'h l U'],
    ['🙂', ''],
  ])('is of %s: %s', (name, read) => {
    expect(readAloud(name)).toBe(read);
  });
});
