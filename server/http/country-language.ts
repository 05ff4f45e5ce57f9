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

/**
 * The languages that a stranger's telephone in this country (ISO 3166) is best spoken to in, the best first. Before the
 * one of the table stands that of most people there, where we have no voice for it: an operator may have recorded it.
 */
export function languagesOfCountry(country: string): readonly string[] {
  const listed = LANGUAGES.get(country);
  const spoken = mostSpokenIn(country);
  return [spoken, listed].filter((language) => language !== undefined);
}

/** By the likely subtags of Unicode CLDR, which Node brings along. */
function mostSpokenIn(country: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(country)) return undefined;
  const { language } = new Intl.Locale(`und-${country}`).maximize();
  return Object.hasOwn(COUNTRIES, language) ? undefined : language;
}
