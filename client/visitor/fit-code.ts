export interface CodeEntry {
  readonly code: string;
  /** Before which digit the caret stands. */
  readonly caret: number;
}

/**
 * Makes a code of what stands in the field after a key press or a paste: digits only, of any script, at most `length` of
 * them. Where there are too many, what was typed pushes out what stood right behind it.
 */
export function fitCode(text: string, caret: number, length: number): CodeEntry {
  const before = digitsOf(text.slice(0, caret));
  const after = digitsOf(text.slice(caret));
  const overflow = Math.max(0, before.length + after.length - length);
  return { code: (before + after.slice(overflow)).slice(0, length), caret: Math.min(before.length, length) };
}

function digitsOf(text: string): string {
  return Array.from(text.normalize('NFKC'), digitOf).join('');
}

/** `5` for the five of any script, such as `٥`; empty for what is no digit. */
function digitOf(mark: string): string {
  if (!IS_DIGIT.test(mark)) return '';
  const point = mark.codePointAt(0) ?? 0;
  // The ten of a script stand in a row, and where two rows touch both are whole.
  let before = 0;
  while (IS_DIGIT.test(String.fromCodePoint(point - before - 1))) before += 1;
  return String(before % 10);
}

const IS_DIGIT = /^\p{Nd}$/u;
