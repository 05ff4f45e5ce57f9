import { parsePhoneNumberFromString, validatePhoneNumberLength, type CountryCode } from 'libphonenumber-js/min';

/** What a visitor typed, read as somewhere to call. */
export type Destination =
  | { readonly kind: 'number'; readonly to: string }
  /** An extension or a SIP address: the server decides. */
  | { readonly kind: 'as-typed'; readonly to: string }
  | { readonly kind: 'empty' | 'too-short' | 'too-long' | 'not-a-number' };

/** No country has a national number this short that the world could call; internal extensions have. */
const LONGEST_EXTENSION = 6;

/** Reads the text with the chosen country as context; a leading + or an address says more than the country. */
export function readDestination(typed: string, country: CountryCode): Destination {
  const text = typed.trim();
  if (text === '') return { kind: 'empty' };
  if (isAsTyped(text)) return { kind: 'as-typed', to: text };
  const fault = validatePhoneNumberLength(text, country);
  if (fault === 'TOO_SHORT') return { kind: 'too-short' };
  if (fault === 'TOO_LONG') return { kind: 'too-long' };
  const number = fault === undefined ? parsePhoneNumberFromString(text, country) : undefined;
  return number ? { kind: 'number', to: number.number } : { kind: 'not-a-number' };
}

/** True for what must not be formatted: letters or @ (a SIP address), or a few digits alone (an extension). */
export function isAsTyped(text: string): boolean {
  return isAddress(text) || new RegExp(`^[\\d*#]{2,${LONGEST_EXTENSION}}$`).test(text.trim());
}

/** True for what can only be a SIP address. */
export function isAddress(text: string): boolean {
  return /[\p{L}@:]/u.test(text);
}

/** A number as people write it, with spaces that do not break; anything else as it is. */
export function displayNumber(to: string): string {
  const number = to.startsWith('+') ? parsePhoneNumberFromString(to) : undefined;
  return number ? number.formatInternational().replaceAll(' ', '\u00A0') : to.replace(/^sips?:/, '');
}
