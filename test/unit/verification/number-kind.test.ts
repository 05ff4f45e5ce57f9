import { getExampleNumber, getCountries } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { callingCodeOf, numberKindOf } from '../../../server/verification/number-kind.ts';
import { createNumberPlan } from '../../../server/verification/phone-number.ts';

const plan = createNumberPlan({ defaultCountry: 'US', sipDomains: ['pbx.example'] });
const ofEachCountry = getCountries().flatMap((country) => getExampleNumber(country, examples) ?? []);

describe('callingCodeOf', () => {
  it('finds the calling code of a number of every country', () => {
    expect(ofEachCountry.length).toBeGreaterThan(200);
    const found = ofEachCountry.map(({ number }) => callingCodeOf(number));
    expect(found).toEqual(ofEachCountry.map(({ countryCallingCode }) => `+${countryCallingCode}`));
  });

  it.each(['+80012345678', '+870773111632', '+881612345678', '+979123456789'])(
    'finds that of %s, which is of no country',
    (to) => {
      expect(callingCodeOf(to)).toBe(to.slice(0, 4));
    },
  );

  it.each(['sip:desk@pbx.example', '204', '+2100000000'])('finds none in %s', (to) => {
    expect(callingCodeOf(to)).toBeUndefined();
  });
});

describe('the kind of a number', () => {
  it('is the same whether it is found while a person’s writing is read or in the number alone', () => {
    const read = ofEachCountry.map((number) => plan.read(number.formatInternational()));
    expect(read.map(({ kind }) => kind)).toEqual(read.map(({ to }) => numberKindOf(to)));
    expect(new Set(read.map(({ kind }) => kind.country)).size).toBeGreaterThan(200);
  });

  it.each(['sip:desk@pbx.example', '204'])('is not told of %s', (to) => {
    expect(numberKindOf(to)).toEqual({});
  });
});
