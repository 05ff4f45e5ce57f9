/**
 * For each language that we have a voice for, the countries (ISO 3166) whose telephones it speaks to when nothing
 * else tells. A country is listed where the language is official; under one language only, that of most of its people
 * among ours: Switzerland under German, Belgium under French, Canada under English. After the territory data of
 * Unicode CLDR 46. A country in no list, such as Japan, hears the server's own language.
 */
const COUNTRIES: Readonly<Record<string, string>> = {
  de: 'AT CH DE LI',
  en:
    'AG AI AU BB BM BS BW BZ CA CK DM FJ FK FM GB GD GG GH GI GM GU GY IE IM IN JE JM KE KI KN KY LC LR LS MH MP MS MT ' +
    'MW NA NG NU NZ PG PH PK PW SB SG SL SX SZ TC TO TT TV TZ UG US VC VG VI WS ZA ZM ZW',
  es: 'AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE',
  fr: 'BE BF BI BJ BL CD CF CG CI CM DJ FR GA GF GN GP HT LU MC MF MG ML MQ MU NC NE PF PM RE SC SN TD TG VU WF YT',
  pt: 'AO BR CV GW MZ PT ST TL',
  zh: 'CN HK MO TW',
};

const LANGUAGES: ReadonlyMap<string, string> = new Map(
  Object.entries(COUNTRIES).flatMap(([language, countries]) =>
    countries.split(' ').map((country) => [country, language] as const),
  ),
);

/** The language that a stranger's telephone in this country (ISO 3166) is best spoken to in; undefined where we know of none. */
export function languageOfCountry(country: string): string | undefined {
  return LANGUAGES.get(country);
}
