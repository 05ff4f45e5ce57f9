import { createHash, timingSafeEqual } from 'node:crypto';

export type Scope = 'create' | 'read' | 'operate';

export interface KeyOfParty {
  readonly relyingParty: string;
  readonly key: string;
}

/** A key of which only the digest (SHA-256) is known; without a relying party it is an operator's, who reads all. */
export interface Grant {
  readonly relyingParty?: string;
  readonly digest: Buffer;
  readonly scopes: readonly Scope[];
}

/** Who holds which API key. Keeps digests only, and looks at all of them whatever is asked, in constant time. */
export class ApiKeys {
  readonly #grants: readonly Grant[];

  constructor(keys: readonly KeyOfParty[], hashed: readonly Grant[] = []) {
    const inFull = keys.map(({ relyingParty, key }): Grant => {
      return { relyingParty, digest: digest(key), scopes: ['create', 'read', 'operate'] };
    });
    this.#grants = [...inFull, ...hashed];
  }

  grantOf(key: string): Grant | undefined {
    if (this.#grants.length === 0) return undefined;
    const asked = digest(key);
    let found: Grant | undefined;
    for (const grant of this.#grants) {
      if (timingSafeEqual(grant.digest, asked)) found = grant;
    }
    return found;
  }

  /** The relying party of this key. */
  ownerOf(key: string): string | undefined {
    return this.grantOf(key)?.relyingParty;
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
