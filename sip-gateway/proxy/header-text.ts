/** Where a character stands inside a header field decides what it means: this finds those outside quotes and angle brackets. */
export function splitOutsideQuotes(text: string, separator: ',' | ';'): readonly string[] | undefined {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '<') bracketed = true;
    else if (character === '>') bracketed = false;
    else if (character === separator && !bracketed) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  if (quoted || bracketed) return undefined;
  parts.push(text.slice(start).trim());
  return parts;
}

export type Params = ReadonlyMap<string, string | undefined>;

/** `;name=value;flag` as a map; names in lower case, values as written. The first of a name counts. */
export function readParams(parts: readonly string[]): Params {
  const params = new Map<string, string | undefined>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (name !== '' && !params.has(name)) params.set(name, equals < 0 ? undefined : part.slice(equals + 1).trim());
  }
  return params;
}

export function unquote(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text;
}
