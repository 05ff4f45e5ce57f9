import { hash } from 'node:crypto';

/** The HMAC-SHA-256 of a text in UTF-8, in base64url. */
export type HmacSha256 = (text: string) => string;

/** Bytes of a block and of a digest of SHA-256 (FIPS 180-4). */
const BLOCK = 64;
const DIGEST = 32;
const INNER = 0x36;
const OUTER = 0x5c;
/** More than any text of ours has; a longer one gets a buffer of its own. */
const ROOM = 1_024;

/**
 * HMAC with one key, as RFC 2104 §2 defines it: H(key ⊕ opad, H(key ⊕ ipad, text)). `createHmac` makes a stream object for
 * each text, which takes longer than the two hashes.
 */
export function hmacSha256(secret: Uint8Array): HmacSha256 {
  const key = secret.length > BLOCK ? hash('sha256', secret, 'buffer') : secret;
  const inner = padded(key, INNER, ROOM);
  const outer = padded(key, OUTER, DIGEST);
  return (text) => {
    const bytes = Buffer.byteLength(text);
    const message = bytes <= ROOM ? inner : Buffer.concat([inner.subarray(0, BLOCK)], BLOCK + bytes);
    message.write(text, BLOCK);
    outer.write(hash('sha256', message.subarray(0, BLOCK + bytes), 'binary'), BLOCK, 'latin1');
    message.fill(0, BLOCK, BLOCK + bytes);
    return hash('sha256', outer, 'base64url');
  };
}

/** A block with the key in it, and room for what is hashed after it. */
function padded(key: Uint8Array, pad: number, room: number): Buffer {
  const bytes = Buffer.alloc(BLOCK + room);
  bytes.set(key);
  for (let at = 0; at < BLOCK; at += 1) bytes.writeUInt8(bytes.readUInt8(at) ^ pad, at);
  return bytes;
}
