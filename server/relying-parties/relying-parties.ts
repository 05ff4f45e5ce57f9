import { lookUpLocale } from '../verification/locale-lookup.ts';
import type { RelyingParty, Scope } from './relying-parties-file.ts';

/** A key and what it opens; `relyingParty` is absent for an operator's, which reads everyone's. */
export interface Grant {
  readonly relyingParty?: string;
  readonly digest: Buffer;
  readonly scopes: readonly Scope[];
}

/** Who may use this server. Names that are not in the file (`RINGPROOF_API_KEYS`, visitors) have no restrictions. */
export class RelyingParties {
  readonly grants: readonly Grant[];
  readonly #byId: ReadonlyMap<string, RelyingParty>;

  constructor(parties: readonly RelyingParty[] = [], operatorKeys: readonly Buffer[] = []) {
    this.#byId = new Map(parties.map((party) => [party.id, party]));
    const ofParties = parties.flatMap(({ id, keys }) =>
      keys.map(({ hash, scopes }) => ({ relyingParty: id, digest: hash, scopes })),
    );
    const ofOperators = operatorKeys.map((digest) => ({ digest, scopes: ['read', 'operate'] as const }));
    this.grants = [...ofParties, ...ofOperators];
  }

  get hasWebhooks(): boolean {
    return [...this.#byId.values()].some(({ webhook }) => webhook !== undefined);
  }

  find(id: string): RelyingParty | undefined {
    return this.#byId.get(id);
  }

  /** The languages that they are restricted to and that no call can be held in: each a mistake, or a voice to come. */
  voiceless(available: readonly string[]): readonly { readonly relyingParty: string; readonly locale: string }[] {
    return [...this.#byId.values()].flatMap(({ id, locales = [] }) =>
      locales
        .filter((locale) => lookUpLocale(locale, available) === undefined)
        .map((locale) => ({ relyingParty: id, locale })),
    );
  }

  /** Whether pages of this origin may call the API; what they see is up to their token. */
  allowsOrigin(origin: string): boolean {
    return [...this.#byId.values()].some(({ origins }) => origins.includes(origin));
  }
}
