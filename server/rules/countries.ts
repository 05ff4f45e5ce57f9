import type { Rule } from './rule.ts';

/** Only the countries that the operator named; `undefined` is the local proxy, which rings nobody abroad. */
export function countryRule(countries: readonly string[] | undefined): Rule {
  const allowed = countries && new Set(countries.map((country) => country.toUpperCase()));
  return {
    name: 'country',
    judge: ({ to, kind: { country } }) => {
      if (!to.startsWith('+')) return yes(() => 'not a number of the telephone network');
      const here = country ?? 'no country';
      if (!allowed) return yes(() => `${here}; every one may be rung, as RINGPROOF_COUNTRIES is not set`);
      if (country !== undefined && allowed.has(country)) return yes(() => `${country} is in RINGPROOF_COUNTRIES`);
      const words = (): string =>
        `${country ?? 'a number of no country'} is not in RINGPROOF_COUNTRIES (${[...allowed].join(', ')})`;
      return { rule: 'country', allowed: false, code: 'number_not_allowed', words };
    },
  };
}

function yes(words: () => string) {
  return { rule: 'country', allowed: true, words } as const;
}
