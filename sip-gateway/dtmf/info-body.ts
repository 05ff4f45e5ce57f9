import type { Key } from '../scripts/call-script.ts';
import { eventOfKey, keyOfEvent } from './key.ts';

export interface InfoKey {
  readonly key: Key;
  /** How long the key was held, in milliseconds, where the sender says so. */
  readonly durationMs?: number;
}

/**
 * Reads the key out of a SIP INFO. There is no standard for it, so every form seen from gateways is taken:
 * `Signal=5` in any case, spacing and order of lines, numbers for `*` (10) and `#` (11), a bare key, `d=5`,
 * and RFC 4733 events as bytes. Undefined for everything else, the hook flash included; never throws.
 */
export function readInfoBody(contentType: string, body: string): InfoKey | undefined {
  switch (mediaTypeOf(contentType)) {
    case 'application/dtmf-relay':
    case 'application/dtmf':
    case 'application/vnd.nortelnetworks.digits':
      return readLines(body);
    case 'audio/telephone-event':
      return readLines(body) ?? readEventBytes(body);
    default:
      return undefined;
  }
}

function mediaTypeOf(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** Bodies are some 30 bytes long; more is not worth reading. */
const LONGEST_BODY = 1024;

/** `name = value` lines; the first that names a key counts, and so does a line that is nothing but a key. */
function readLines(body: string): InfoKey | undefined {
  let signal: string | undefined;
  let duration: string | undefined;
  for (const line of body.slice(0, LONGEST_BODY).split(/[\r\n]+/)) {
    const equals = line.search(/[=:]/);
    const name = line.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    const value = line.slice(equals + 1).trim();
    if (name === 'duration') duration ??= value;
    else if (name === 'signal' || name === 'd') signal ??= value;
    else if (equals < 0 && keyOfSignal(value) !== undefined) signal ??= value;
  }
  const key = signal === undefined ? undefined : keyOfSignal(signal);
  if (key === undefined) return undefined;
  const durationMs = duration !== undefined && /^\d{1,5}$/.test(duration) ? Number(duration) : 0;
  return durationMs > 0 ? { key, durationMs } : { key };
}

function keyOfSignal(signal: string): Key | undefined {
  const text = signal.toUpperCase();
  if (eventOfKey(text) !== undefined) return text;
  return /^1[0-5]$/.test(text) ? keyOfEvent(Number(text)) : undefined;
}

/**
 * The four bytes of RFC 4733 §2.3 as a body. Such senders (Cisco's out-of-band events among them) tell the
 * start and the end of one press; the end, which every press has, is the one that counts.
 */
function readEventBytes(body: string): InfoKey | undefined {
  if (body.length < 4) return undefined;
  const [event = NaN, flags = 0, high = 0, low = 0] = Array.from(body.slice(0, 4), (byte) => byte.charCodeAt(0));
  const key = keyOfEvent(event);
  if (key === undefined || (flags & 0x80) === 0) return undefined;
  const durationMs = Math.round(((high << 8) | low) / 8);
  return durationMs > 0 ? { key, durationMs } : { key };
}
