export interface CodeEntry {
  readonly code: string;
  /** Before which digit the caret stands. */
  readonly caret: number;
}

/**
 * Makes a code of what stands in the field after a key press or a paste: digits only (also full-width ones), at
 * most `length` of them. Where there are too many, what was typed pushes out what stood right behind it.
 */
export function fitCode(text: string, caret: number, length: number): CodeEntry {
  const before = digitsOf(text.slice(0, caret));
  const after = digitsOf(text.slice(caret));
  const overflow = Math.max(0, before.length + after.length - length);
  return { code: (before + after.slice(overflow)).slice(0, length), caret: Math.min(before.length, length) };
}

function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}
