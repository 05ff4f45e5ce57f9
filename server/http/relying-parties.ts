import type { Method } from '../verification/call.ts';
import { lookUpLocale } from '../verification/locale-lookup.ts';
import type { Locales } from './locale.ts';
import { Problem } from './problem.ts';

/** What the operator has laid down for one relying party; what is absent is not restricted. */
export interface PartyRules {
  readonly name: string;
  readonly locales?: readonly string[] | undefined;
  readonly methods?: readonly Method[] | undefined;
  /** The only trunk that its calls may take. */
  readonly trunk?: string | undefined;
}

export interface PartyDirectory {
  find(id: string): PartyRules | undefined;
  allowsOrigin(origin: string): boolean;
}

export const NO_PARTIES: PartyDirectory = { find: () => undefined, allowsOrigin: () => false };

/** @throws Problem `unknown_method` */
export function refuseMethod(method: Method, party: PartyRules | undefined): void {
  if (!party?.methods || party.methods.includes(method)) return;
  const expected = party.methods.join(' or ');
  throw new Problem('unknown_method', {
    detail: `This relying party verifies by ${expected}.`,
    errors: [{ field: '/method', expected, got: 'another method' }],
  });
}

/** What of all languages a relying party's calls may be held in: `en-GB` allows `en` where there is no other English. */
export function localesFor(party: PartyRules | undefined, all: Locales): Locales {
  if (!party?.locales) return all;
  const allowed = new Set(party.locales.map((tag) => lookUpLocale(tag, all.available)));
  const available = all.available.filter((locale) => allowed.has(locale));
  const [first = all.fallback] = available;
  return { available, fallback: available.includes(all.fallback) ? all.fallback : first };
}
