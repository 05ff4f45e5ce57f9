import {
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/max';
import { VerificationError } from './errors.ts';
import { asNumberKind, type NumberKind } from './number-kind.ts';
import { isSipUri, normaliseSipUri } from './sip-destination.ts';

/** What a person typed, normalised. */
export interface Destination {
  readonly to: string;
  readonly kind: NumberKind;
}

/** Which destinations may be verified and how they are written; the operator's dialling plan. */
export interface NumberPlan {
  /**
   * Reads what a person typed: E.164 in any common notation (`+1 (202) 555-0123`, `001 202…`, national
   * with the default country), a SIP URI of an allowed domain, a bare extension where allowed.
   * @throws VerificationError `invalid_number` or `number_not_allowed` with field `/to`.
   */
  read(typed: string): Destination;
  /** The same, for whom the normalised text is all of it. */
  normalise(typed: string): string;
}

export interface NumberPlanOptions {
  /** ISO 3166 alpha-2: how a number without a country code is read. */
  readonly defaultCountry: string;
  /** `sip:` destinations may be called at these domains, `pbx.example` or `pbx.example:5070`; none: no SIP URIs. */
  readonly sipDomains: readonly string[];
  /** How many digits an internal extension has; absent: extensions are not called. */
  readonly extensions?: { readonly min: number; readonly max: number } | undefined;
}

/** Longer than anything that can be dialled, with room for separators. */
const MAX_LENGTH = 256;
/** ASCII after NFKC; brackets, dots and the dashes of the world's typography separate groups. */
const PHONE_NUMBER = /^\+?[\d\p{Zs}().\-/\u2010-\u2015\u2212\u00b7]+$/u;
/** Marks that a contacts app copies along with a number, and that nobody sees. */
const INVISIBLE = /\p{Cf}/gu;
/** A machine must not call these, whatever an operator's extensions are. */
const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set(['112', '911', '999']);

/** @throws TypeError when a country is none. */
export function createNumberPlan(options: NumberPlanOptions): NumberPlan {
  const defaultCountry = countryOf(options.defaultCountry);
  const sipDomains = new Set(options.sipDomains.map((domain) => domain.toLowerCase()));

  const read = (typed: string): Destination => {
    if (typed.length > MAX_LENGTH) throw invalid(`at most ${MAX_LENGTH} characters`, `${typed.length} characters`);
    if (isSipUri(typed)) return { to: refuseEmergency(normaliseSipUri(typed.trim(), sipDomains)), kind: {} };

    const written = typed.normalize('NFKC').replace(INVISIBLE, '').trim().replace(/^tel:/i, '');
    if (isExtension(written, options.extensions)) return { to: refuseEmergency(written), kind: {} };
    if (!PHONE_NUMBER.test(written) || !/\d/.test(written)) throw invalid(A_NUMBER, kindOf(written));

    return parse(written, defaultCountry);
  };
  return { read, normalise: (typed) => read(typed).to };
}

const A_NUMBER = 'a phone number such as +1 202 555 0123';

/** As written for the default country, or else with one of the two prefixes that most of the world dials. */
function parse(written: string, defaultCountry: CountryCode): Destination {
  const readings = [written];
  const prefix = /^0(?:0|11)(?=[\p{Zs}().-]*[1-9])/u.exec(written);
  if (prefix) readings.push(`+${written.slice(prefix[0].length)}`);
  for (const reading of readings) {
    const number = tryParse(reading, defaultCountry);
    const type = number?.getType();
    // A number of a known type is a valid one; to ask for both takes as long again.
    if (number && (type !== undefined || number.isValid())) {
      return { to: number.number, kind: asNumberKind({ country: number.country, type }) };
    }
  }
  throw invalid(A_NUMBER, kindOf(written));
}

function tryParse(written: string, defaultCountry: CountryCode): PhoneNumber | undefined {
  try {
    return parsePhoneNumberWithError(written, { defaultCountry, extract: false });
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

function isExtension(written: string, extensions: NumberPlanOptions['extensions']): boolean {
  return (
    extensions !== undefined &&
    /^\d+$/.test(written) &&
    written.length >= extensions.min &&
    written.length <= extensions.max
  );
}

/** An extension, or the user of a SIP address. */
function refuseEmergency(to: string): string {
  const [, user = to] = /^sip:\+?([^@]*)@/.exec(to) ?? [];
  if (!EMERGENCY_NUMBERS.has(user.replaceAll(/[-._]/g, ''))) return to;
  throw new VerificationError('number_not_allowed', 'Emergency numbers are not called', { field: '/to' });
}

/** What came, without repeating it: what a person typed never enters a message. */
function kindOf(written: string): string {
  if (written === '') return 'an empty text';
  const digits = written.match(/\d/g)?.length ?? 0;
  if (digits === 0) return 'a text without digits';
  if (!PHONE_NUMBER.test(written)) return 'a text with characters that no phone number has';
  return `${digits} digits that no country has as a number`;
}

function invalid(expected: string, got: string): VerificationError {
  return new VerificationError('invalid_number', `Expected ${expected}, got ${got}`, { field: '/to' });
}

function countryOf(code: string): CountryCode {
  const upper = code.toUpperCase();
  if (!isSupportedCountry(upper)) throw new TypeError(`Expected a country such as US or CN, got ${code}`);
  return upper;
}
