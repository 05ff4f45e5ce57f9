import { getCountries, getCountryCallingCode, isSupportedCountry, type CountryCode } from 'libphonenumber-js/min';

export interface Country {
  readonly code: CountryCode;
  /** In the visitor's language. */
  readonly name: string;
  /** Without the plus sign. */
  readonly callingCode: string;
}

/** Every country that has telephone numbers, in the alphabetical order of the language. */
export function countriesIn(language: string): readonly Country[] {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const collator = new Intl.Collator(language);
  return getCountries()
    .map((code) => ({ code, name: names.of(code) ?? code, callingCode: getCountryCallingCode(code) }))
    .toSorted((a, b) => collator.compare(a.name, b.name));
}

/** This country if it has telephone numbers, else one that stands for none chosen. */
export function countryOrDefault(code: string): CountryCode {
  return isSupportedCountry(code) ? code : 'US';
}
