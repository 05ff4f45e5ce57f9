/** A relying party's key; each relying party sees its own verifications only. */
export interface ApiKey {
  readonly relyingParty: string;
  readonly key: string;
}

const MIN_KEY_LENGTH = 16;

/** `name:key`, or a bare key of the relying party `default`. */
export function readApiKey(part: string): ApiKey | undefined {
  const colon = part.indexOf(':');
  const relyingParty = colon === -1 ? 'default' : part.slice(0, colon);
  const key = part.slice(colon + 1);
  // What can stand in an Authorization header after "Bearer " (RFC 6750 §2.1).
  const isSendable = /^[\w.~+/-]+=*$/.test(key);
  return /^[\w-]{1,40}$/.test(relyingParty) && isSendable && key.length >= MIN_KEY_LENGTH
    ? { relyingParty, key }
    : undefined;
}
