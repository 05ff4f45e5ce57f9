/** Spelled at the pace of a telephone, a name of this many letters takes half a minute. */
export const MAX_SPELLED_LENGTH = 40;

/** Letters that Unicode does not take apart (NFKD), as the alphabet of a passport writes them (ICAO 9303-3 §6). */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  þ: 'th',
};

/**
 * A name as its words of letters a-z and digits, to be said one by one; marks on letters are left out, and what is
 * neither letter nor digit parts words. Undefined where that does not name it: letters of another alphabet, none at
 * all, or more than anyone would listen to.
 */
export function spelledOut(name: string): readonly string[] | undefined {
  const plain = Array.from(name.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, ''), (letter) => {
    return WRITTEN_AS[letter] ?? letter;
  }).join('');
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const length = words.join('').length;
  return length > 0 && length <= MAX_SPELLED_LENGTH && words.every((word) => /^[a-z\d]+$/.test(word))
    ? words
    : undefined;
}

/**
 * A name as a speech engine may read it: no character that one takes for markup, and none at the beginning that a
 * program would take for an option. Empty where there is nothing to say.
 */
export function readAloud(name: string): string {
  return name
    .replaceAll(/[^\p{L}\p{M}\p{N}\s.,&'’+-]/gu, ' ')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim();
}
