import {
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
  type NumberType,
} from 'libphonenumber-js/max';

/** What the world's numbering plans say of a number; everything absent for a SIP address or an extension. */
export interface NumberKind {
  /** ISO 3166; absent also for satellites and other numbers of no country. */
  readonly country?: string;
  readonly type?: NonNullable<NumberType>;
}

/** @param to normalised */
export function numberKindOf(to: string): NumberKind {
  const number = to.startsWith('+') ? parsePhoneNumberFromString(to) : undefined;
  return number ? asNumberKind({ country: number.country, type: number.getType() }) : {};
}

export function asNumberKind({
  country,
  type,
}: {
  readonly country: string | undefined;
  readonly type: NumberType;
}): NumberKind {
  return { ...(country !== undefined && { country }), ...(type !== undefined && { type }) };
}

/** Those that no country has (ITU-T E.164.D). */
const OF_NO_COUNTRY = ['800', '808', '870', '878', '881', '882', '883', '888', '979'];
const CALLING_CODES: ReadonlySet<string> = new Set([
  ...getCountries().map((country) => getCountryCallingCode(country)),
  ...OF_NO_COUNTRY,
]);
const LONGEST_CALLING_CODE = 3;

/** `+1`, `+44`; undefined for what is not a number of the telephone network. No calling code begins with another one. */
export function callingCodeOf(to: string): string | undefined {
  if (!to.startsWith('+')) return undefined;
  for (let digits = 1; digits <= LONGEST_CALLING_CODE; digits += 1) {
    if (CALLING_CODES.has(to.slice(1, 1 + digits))) return to.slice(0, 1 + digits);
  }
  return undefined;
}
