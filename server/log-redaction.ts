/** What people (some of it unseen), addresses and forms put between the digits of a number: at most three of them are one gap. */
const GAP = String.raw`(?:[\p{Zs}\p{Cf}\t()._+/\u2010-\u2015\u2212\u00b7\-]|%(?:2[089bdef]|c2%a0|09)){0,3}`;
const NO_DIGIT_FOLLOWS = String.raw`(?!${GAP}\p{Nd})`;
const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;

/** Digits that are nobody's: a UUID, an IPv4 address, a day (which may have its time behind it). */
const HARMLESS = [
  String.raw`[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}`,
  String.raw`(?<![\p{Nd}.+])${OCTET}(?:\.${OCTET}){3}${NO_DIGIT_FOLLOWS}`,
  String.raw`(?<![\p{Nd}.+\-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d\d:\d\d(?::\d\d)?|${NO_DIGIT_FOLLOWS})`,
];

/**
 * Codes have at least six digits, telephone numbers more; a port has at most five and a SIP status three. So six digits or
 * more, however they are grouped, written or escaped, are something that a log must not keep.
 */
const HARMLESS_OR_DIGITS = new RegExp(String.raw`(${HARMLESS.join('|')})|\+?\(?\p{Nd}(?:${GAP}\p{Nd}){5,}`, 'giu');

export function withoutDigits(text: string): string {
  return text.replaceAll(HARMLESS_OR_DIGITS, (match, harmless: string | undefined) =>
    harmless === undefined ? '[digits]' : match,
  );
}
