import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** What a visitor typed as the extension of a company line. */
export type TypedExtension =
  | { readonly kind: 'none' }
  /** As the API takes it. */
  | { readonly kind: 'keys'; readonly extension: string }
  | { readonly kind: 'not-keys' | 'too-long' };

/** As the API has them: docs/api.md, company lines. */
const MAX_LENGTH = 32;
const MAX_PAUSES = 20_000;
const PAUSES: Readonly<Record<string, number>> = { ',': 2_000, w: 500 };

/** Reads keys and pauses; spaces and dashes between them are for the eye only. */
export function readExtension(typed: string): TypedExtension {
  const extension = typed.normalize('NFKC').replaceAll(/[\s-]/g, '').replaceAll('W', 'w').replaceAll(/[a-d]/g, upper);
  if (extension === '') return { kind: 'none' };
  if (!/^[\d*#A-D,w]*$/.test(extension) || !/[\d*#A-D]/.test(extension)) return { kind: 'not-keys' };
  const pauses = Array.from(extension).reduce((ms, mark) => ms + (PAUSES[mark] ?? 0), 0);
  if (extension.length > MAX_LENGTH || pauses > MAX_PAUSES) return { kind: 'too-long' };
  return { kind: 'keys', extension };
}

/** A number with its extension in one, as it stands on a business card: `(202) 555-0123 ext. 204`. */
export function splitExtension(
  text: string,
  country: CountryCode,
): { readonly number: string; readonly extension: string } | undefined {
  // The @ and the colon of a SIP address.
  const parsed = /[@:]/.test(text) ? undefined : parsePhoneNumberFromString(text, country);
  return parsed?.ext !== undefined && parsed.isPossible()
    ? { number: parsed.number, extension: parsed.ext }
    : undefined;
}

function upper(text: string): string {
  return text.toUpperCase();
}
