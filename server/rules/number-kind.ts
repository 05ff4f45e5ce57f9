import { parsePhoneNumberFromString, type NumberType } from 'libphonenumber-js/max';

/** What the world's numbering plans say of a number; everything absent for a SIP address or an extension. */
export interface NumberKind {
  /** ISO 3166; absent also for satellites and other numbers of no country. */
  readonly country?: string;
  readonly callingCode?: string;
  readonly type?: NonNullable<NumberType>;
}

/** Several rules ask about the same number one after the other, and a numbering plan is slow to read. */
let latest: { readonly to: string; readonly kind: NumberKind } = { to: '', kind: {} };

export function numberKindOf(to: string): NumberKind {
  if (latest.to !== to) latest = { to, kind: readKind(to) };
  return latest.kind;
}

function readKind(to: string): NumberKind {
  const number = to.startsWith('+') ? parsePhoneNumberFromString(to) : undefined;
  if (!number) return {};
  const type = number.getType();
  return {
    callingCode: `+${number.countryCallingCode}`,
    ...(number.country !== undefined && { country: number.country }),
    ...(type !== undefined && { type }),
  };
}

export function callingCodeOf(to: string): string | undefined {
  return numberKindOf(to).callingCode;
}
