import { createHash, timingSafeEqual } from 'node:crypto';

export interface KeyOfParty {
  readonly relyingParty: string;
  readonly key: string;
}

/** Who holds which API key. Keeps digests only, and looks at all of them whatever is asked, in constant time. */
export class ApiKeys {
  readonly #entries: readonly { readonly relyingParty: string; readonly digest: Buffer }[];

  constructor(keys: readonly KeyOfParty[]) {
    this.#entries = keys.map(({ relyingParty, key }) => ({ relyingParty, digest: digest(key) }));
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** The relying party of this key. */
  ownerOf(key: string): string | undefined {
    const asked = digest(key);
    let owner: string | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.digest, asked)) owner = entry.relyingParty;
    }
    return owner;
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
