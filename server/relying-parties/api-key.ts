import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: nobody finds one by trying, so a plain digest is safe to write down. */
const KEY_BYTES = 32;
const PREFIX = 'sha256:';

/** A new API key; whoever asked sees it now and never again. */
export function newApiKey(): string {
  return `rk_${randomBytes(KEY_BYTES).toString('base64url')}`;
}

/** What the file of relying parties says of a key. */
export function hashOf(key: string): string {
  return `${PREFIX}${createHash('sha256').update(key).digest('base64url')}`;
}

/** The digest in a hash that the file says; undefined when it is none. */
export function readHash(hash: string): Buffer | undefined {
  const [, text] = /^sha256:([\w-]{43})$/.exec(hash) ?? [];
  return text === undefined ? undefined : Buffer.from(text, 'base64url');
}
