/** Digits in groups of two to four, as people read and remember them: 482 913, 48 29, 4829 1375. */
export function groupCode(code: string): readonly string[] {
  const size = code.length % 3 === 0 ? 3 : Math.ceil(code.length / Math.ceil(code.length / 4));
  const groups: string[] = [];
  for (let start = 0; start < code.length; start += size) groups.push(code.slice(start, start + size));
  return groups;
}
