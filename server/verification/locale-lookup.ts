/** RFC 5646 §4.4.1 knows of no tag with more subtags; a header may hold what it likes. */
const MAX_SUBTAGS = 8;

/**
 * Which of the `available` languages a BCP 47 tag is spoken in, as it is written there: the one of that name, or of
 * the name without the subtags at its end (RFC 4647 §3.4, lookup: `zh-Hant-HK` is spoken as `zh`), or else another
 * region of the language (`pt-PT` as `pt-BR`). Letter case, `_` for `-` and names that are out of date (`cmn` of `zh`,
 * RFC 5646 §4.5) make no difference. Undefined for a language that there is none of, and for what is no tag.
 */
export function lookUpLocale(tag: string, available: readonly string[]): string | undefined {
  const parts = tag.replaceAll('_', '-').split('-', MAX_SUBTAGS);
  const written = parts.join('-').toLowerCase();
  return lookUp(written, available) ?? lookUp(canonical(written), available);
}

function lookUp(tag: string, available: readonly string[]): string | undefined {
  const parts = tag.split('-');
  for (let length = parts.length; length > 0; length--) {
    const shortened = parts.slice(0, length).join('-');
    const locale = available.find((each) => each.toLowerCase() === shortened);
    if (locale !== undefined) return locale;
  }
  return available.find((each) => each.toLowerCase().startsWith(`${parts[0]}-`));
}

function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0]?.toLowerCase() ?? tag;
  } catch {
    return tag;
  }
}
