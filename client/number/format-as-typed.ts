import { AsYouType, getCountryCallingCode, type CountryCode } from 'libphonenumber-js/min';
import { isAddress } from './destination.ts';

export interface TypedNumber {
  readonly text: string;
  /** Where the caret stands, counted in characters. */
  readonly caret: number;
  /** The country that the digits themselves name by their + prefix. */
  readonly country: CountryCode | undefined;
}

/** Formats a number while it is typed; the caret stays behind the digit that it stood behind. */
export function formatAsTyped(text: string, caret: number, country: CountryCode): TypedNumber {
  if (isAddress(text) || /[*#]/.test(text)) return { text, caret, country: undefined };
  const typing = new AsYouType(country);
  const formatted = typing.input(text);
  return {
    text: formatted,
    caret: caret >= text.length ? formatted.length : afterDigit(formatted, digitsIn(text.slice(0, caret))),
    country: text.trimStart().startsWith('+') ? countryOf(typing, country) : undefined,
  };
}

export function digitsIn(text: string): number {
  return text.replace(/[^\d+]/g, '').length;
}

/** Many countries share a calling code; until the digits tell them apart the chosen one stands. */
function countryOf(typing: AsYouType, chosen: CountryCode): CountryCode | undefined {
  const named = typing.getCountry();
  if (named) return named;
  return typing.getCallingCode() === getCountryCallingCode(chosen) ? chosen : undefined;
}

function afterDigit(text: string, count: number): number {
  if (count === 0) return 0;
  let seen = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (/[\d+]/.test(text.charAt(index))) seen += 1;
    if (seen === count) return index + 1;
  }
  return text.length;
}
