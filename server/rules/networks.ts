import type { Finding } from './finding.ts';
import type { Rule } from './rule.ts';

/**
 * What libphonenumber calls mobile, VoIP or ordinary, and what a minute of costs many times an ordinary one. ITU-T
 * E.164 (list of assigned codes) has the networks; the islands are the destinations that fraud reports name again and
 * again. An operator who means one of them writes `allow +247*` into the number list, or names the country.
 */
const NETWORKS: readonly (readonly [prefix: string, what: string])[] = [
  ['+870', 'Inmarsat, by satellite'],
  ['+881', 'Globalstar and Iridium, by satellite'],
  ['+882', 'international networks, at sea and by satellite'],
  ['+883', 'international networks'],
  ['+878', 'universal personal numbers'],
  ['+888', 'relief operations'],
  ['+979', 'international premium rate'],
  ['+808', 'international shared cost'],
  ['+7954', 'a satellite network in the Russian plan'],
];

const HOTSPOTS: readonly (readonly [prefix: string, what: string])[] = [
  ['+246', 'Diego Garcia'],
  ['+247', 'Ascension'],
  ['+252', 'Somalia'],
  ['+500', 'the Falkland Islands'],
  ['+53', 'Cuba'],
  ['+672', 'Norfolk Island and Antarctica'],
  ['+674', 'Nauru'],
  ['+675', 'Papua New Guinea'],
  ['+677', 'the Solomon Islands'],
  ['+683', 'Niue'],
  ['+690', 'Tokelau'],
];

/** Between the digits of a number, as people write them and switches overlook them (RFC 3966 §5.1.1). */
const SEPARATORS = /[-._]/g;
/** What a switch may dial: a whole number, or more digits than an extension has. */
const DIALLED = /^(?:\+|\d{7,}$)/;

const BEHIND_SIP: Finding = {
  rule: 'network',
  allowed: false,
  code: 'number_not_allowed',
  words: () => 'a telephone number by way of a SIP domain: no other rule knows where it rings and what it costs',
};

/** @param namesCountries the operator named the countries to ring, so that a hotspot among them is meant. */
export function networkRule(namesCountries: boolean): Rule {
  const refused = namesCountries ? NETWORKS : [...NETWORKS, ...HOTSPOTS];
  return {
    name: 'network',
    judge: ({ to }) => {
      if (isNumberBehindSip(to)) return BEHIND_SIP;
      const found = refused.find(([prefix]) => to.startsWith(prefix));
      return found
        ? { rule: 'network', allowed: false, code: 'number_not_allowed', words: () => `${found[0]} is ${found[1]}` }
        : { rule: 'network', allowed: true, words: () => 'no costly network' };
    },
  };
}

/** The domain's switch may send such a call on to the telephone network, past countries, types and prices. */
function isNumberBehindSip(to: string): boolean {
  const [, user = ''] = /^sip:([^@]*)@/.exec(to) ?? [];
  return DIALLED.test(user.replaceAll(SEPARATORS, ''));
}
