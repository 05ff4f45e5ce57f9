import type { Key } from '../scripts/call-script.ts';
import { eventOfKey } from './key.ts';

/** The payload of RFC 4733 §2.3. */
export interface TelephoneEvent {
  /** 0-15 are the keys; 16 is the hook flash. */
  readonly event: number;
  /** The event is over with this packet. */
  readonly end: boolean;
  /** Power below 0 dBm0, 0-63. */
  readonly volume: number;
  /** Since the start of the event, in RTP timestamp units (8 a millisecond). */
  readonly duration: number;
}

export function readTelephoneEvent(payload: Uint8Array): TelephoneEvent | undefined {
  if (payload.length < 4) return undefined;
  const [event = 0, flags = 0, high = 0, low = 0] = payload;
  return { event, end: (flags & 0x80) !== 0, volume: flags & 0x3f, duration: (high << 8) | low };
}

export function writeTelephoneEvent({ event, end, volume, duration }: TelephoneEvent): Uint8Array {
  return Uint8Array.of(event, (end ? 0x80 : 0) | (volume & 0x3f), (duration >> 8) & 0xff, duration & 0xff);
}

const TICKS_PER_MS = 8;
const PACKET_MS = 20;
/** RFC 4733 §2.5.1.4: the last packet goes out three times, so that a loss does not leave the key down. */
const END_PACKETS = 3;
const VOLUME = 10;

/**
 * The packets of one key press, one for every 20 ms tick, the first with the marker bit, all with the RTP
 * timestamp of the press's start. Presses are rounded up to whole packets and capped at 8 s, what one
 * timestamp can tell (§2.5.1.3). Empty for what is not a key.
 */
export function telephoneEventsOf(key: Key, ms: number): readonly { payload: Uint8Array; marker: boolean }[] {
  const event = eventOfKey(key);
  if (event === undefined) return [];
  const packets = Math.max(1, Math.ceil(Math.min(ms, 8000) / PACKET_MS));
  const durationOf = (packet: number) => packet * PACKET_MS * TICKS_PER_MS;
  return Array.from({ length: packets + END_PACKETS - 1 }, (_, index) => ({
    payload: writeTelephoneEvent({
      event,
      end: index + 1 >= packets,
      volume: VOLUME,
      duration: durationOf(Math.min(index + 1, packets)),
    }),
    marker: index === 0,
  }));
}
