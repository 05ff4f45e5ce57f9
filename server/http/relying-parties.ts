import type { Method } from '../verification/call.ts';
import { VerificationError } from '../verification/errors.ts';
import { lookUpLocale } from '../verification/locale-lookup.ts';
import type { VerificationService } from '../verification/service.ts';
import type { Locales } from './locale.ts';
import { Problem } from './problem.ts';

/** What the operator has laid down for one relying party; what is absent is not restricted. */
export interface PartyRules {
  readonly name: string;
  readonly locales?: readonly string[] | undefined;
  readonly methods?: readonly Method[] | undefined;
  /** The only trunk that its calls may take. */
  readonly trunk?: string | undefined;
  readonly limits: { readonly perHour?: number | undefined; readonly perDay?: number | undefined };
}

export interface PartyDirectory {
  find(id: string): PartyRules | undefined;
  allowsOrigin(origin: string): boolean;
}

export const NO_PARTIES: PartyDirectory = { find: () => undefined, allowsOrigin: () => false };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

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

/**
 * Counts what is stored, so that a restart forgets nothing.
 * @throws VerificationError `rate_limited`
 */
export async function refuseTooMany(
  relyingParty: string,
  party: PartyRules | undefined,
  { verifications, now }: { readonly verifications: Pick<VerificationService, 'list'>; readonly now: () => number },
): Promise<void> {
  const { perHour, perDay } = party?.limits ?? {};
  if (perHour === undefined && perDay === undefined) return;
  for (const [most, period] of [[perHour, HOUR] as const, [perDay, DAY] as const]) {
    if (most === undefined) continue;
    const { items } = await verifications.list({ relyingParty, from: now() - period, limit: most });
    const oldest = items.at(-1);
    if (items.length < most || !oldest) continue;
    throw new VerificationError('rate_limited', 'This relying party has made as many verifications as it may', {
      retryAfterSeconds: Math.max(1, Math.ceil((oldest.createdAt + period - now()) / 1_000)),
    });
  }
}
