import type { KeyWay } from '../../server/telephony/messages.ts';
import { payloadTypeOf, readRtp } from '../media/rtp.ts';
import type { Key } from '../scripts/call-script.ts';
import { EventReceiver } from './event-receiver.ts';
import { readInfoBody } from './info-body.ts';
import { keyOfEvent } from './key.ts';
import { readTelephoneEvent } from './telephone-event.ts';

export interface KeyEarOptions {
  /** One call for each key press, as soon as the first word of it arrives. */
  readonly onKey: (key: Key, way: KeyWay) => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** RTP payload type of telephone-event in this call; 101 unless told otherwise. */
  readonly payloadType?: number;
}

export interface InfoRequest {
  readonly callId: string;
  readonly cseq: number;
  readonly contentType: string;
  readonly body: string;
}

/** Hears the keys of one call, one digit for each press. It holds no timer and needs no closing. */
export interface KeyEar {
  /** Every INFO of the call, retransmissions included. Never throws. */
  info(request: InfoRequest): void;
  /** Every RTP packet of the call; audio costs one comparison. Never throws. */
  packet(rtp: Uint8Array): void;
}

/**
 * How late one way may tell of a press after another has: an INFO that a hop over UDP had to send three times
 * comes 1.5 s after the first (RFC 3261 §17.1.2, T1 500 ms).
 */
const SKEW_MS = 2000;
const REMEMBERED_INFOS = 64;

interface Press {
  readonly key: Key;
  readonly heardBy: Set<KeyWay>;
  /** The last we heard of it; it moves on while RFC 4733 packets tell that the key is held. */
  until: number;
}

/**
 * One key press is one digit, whichever way and however often it arrives.
 *
 * Within one way a repetition is known by its name: an INFO by Call-ID and CSeq, an event packet by its RTP
 * timestamp. Between ways the n-th press of a key in one is the n-th press of that key in the other: a report
 * is matched with the oldest press of the same key that its way has not told of yet, and only where there is
 * none is it a new press. So an INFO at the end of a key held for two seconds finds its press, and "11" keyed
 * 100 ms apart stays two, in both ways at once too.
 *
 * A press can be matched until SKEW_MS after the last that was heard of it. Two limits follow: a second way that
 * lags by more doubles the digit; and where each of two ways loses another one of two equal presses
 * within that time, one digit is missing.
 */
export function createKeyEar({ onKey, now, payloadType = 101 }: KeyEarOptions): KeyEar {
  const infos = new Set<string>();
  const events = new EventReceiver();
  let presses: Press[] = [];
  let held: Press | undefined;

  function hear(key: Key, way: KeyWay): Press {
    const at = now();
    presses = presses.filter((press) => at - press.until <= SKEW_MS);
    const told = presses.find((press) => press.key === key && !press.heardBy.has(way));
    if (told) {
      told.heardBy.add(way);
      return told;
    }
    const press = { key, heardBy: new Set([way]), until: at };
    presses.push(press);
    onKey(key, way);
    return press;
  }

  return {
    info({ callId, cseq, contentType, body }) {
      const name = `${cseq} ${callId}`;
      if (infos.has(name)) return;
      infos.add(name);
      forgetOldest(infos);
      const read = readInfoBody(contentType, body);
      if (read) hear(read.key, 'info');
    },

    packet(rtp) {
      if (payloadTypeOf(rtp) !== payloadType) return;
      const packet = readRtp(rtp);
      const event = packet && readTelephoneEvent(packet.payload);
      const key = event && keyOfEvent(event.event);
      if (!packet || !event || key === undefined) return;
      const { ssrc, timestamp, marker } = packet;
      const part = events.receive({ ssrc, timestamp, marker, event }, now());
      if (part === 'start') held = hear(key, 'rfc4733');
      if (part !== 'stale' && held) held.until = now();
    },
  };
}

function forgetOldest(names: Set<string>): void {
  if (names.size <= REMEMBERED_INFOS) return;
  for (const oldest of names) {
    names.delete(oldest);
    return;
  }
}
