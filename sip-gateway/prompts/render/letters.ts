import type { Line } from './voice.ts';

/** The alphabet, from the names of its letters in a language, as its engine has to read them. */
export function alphabet(names: string, line: (name: string) => Line): readonly Line[] {
  return names.split(' ').map((name, index) => ({
    ...line(name.replaceAll('_', ' ')),
    text: String.fromCodePoint('A'.charCodeAt(0) + index),
  }));
}
