import type { Key } from '../scripts/call-script.ts';

/** The keys by their event numbers (RFC 4733 §3.2, table 3). */
const KEYS_BY_EVENT = '0123456789*#ABCD';

/** The key of a telephone event; undefined for events that are not keys, such as 16, the hook flash. */
export function keyOfEvent(event: number): Key | undefined {
  return KEYS_BY_EVENT[event];
}

/** The telephone event of a key; undefined for what is not a key. */
export function eventOfKey(key: Key): number | undefined {
  const event = key.length === 1 ? KEYS_BY_EVENT.indexOf(key) : -1;
  return event < 0 ? undefined : event;
}
