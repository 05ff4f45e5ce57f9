import type { TelephoneEvent } from './telephone-event.ts';

/** What a packet is to the press it belongs to: its first, another one, or one that came after its time. */
export type EventPacketPart = 'start' | 'continued' | 'stale';

export interface EventPacket {
  readonly ssrc: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly event: TelephoneEvent;
}

/** How many past presses are remembered, so that a packet that overtook others starts no press again. */
const REMEMBERED = 16;
/** Three packets' time: after this much silence a press is over, whatever became of its end packets. */
const SILENCE_MS = 60;

interface EventPress {
  readonly ssrc: number;
  /** More than one where the sender moves the timestamp on within a press. */
  readonly timestamps: number[];
  readonly event: number;
  duration: number;
  lastPacketAt: number;
}

/**
 * Puts RFC 4733 packets together to presses. A press is one RTP timestamp, and starts with the first of its
 * packets that arrives, whichever that is: the three first and the three end packets may all be lost but one.
 *
 * Two kinds of sender give one press several timestamps: long events in segments (§2.5.1.3), and gateways that stamp each
 * packet with its own time. They are told from a second press by an unbroken flow of packets whose duration grows; across
 * lost packets by timestamps that fit, to the end of a segment or to the growth of the duration.
 */
export class EventReceiver {
  readonly #presses: EventPress[] = [];

  /** `now` in milliseconds. */
  receive(packet: EventPacket, now: number): EventPacketPart {
    const latest = this.#presses.at(-1);
    const known = this.#presses.find(
      ({ ssrc, timestamps }) => ssrc === packet.ssrc && timestamps.includes(packet.timestamp),
    );
    if (known) return known === latest ? continued(known, packet, now) : 'stale';
    if (latest && goesOn(latest, packet, now)) {
      latest.timestamps.push(packet.timestamp);
      return continued(latest, packet, now);
    }
    const { ssrc, timestamp, event } = packet;
    this.#presses.push({
      ssrc,
      timestamps: [timestamp],
      event: event.event,
      duration: event.duration,
      lastPacketAt: now,
    });
    if (this.#presses.length > REMEMBERED) this.#presses.shift();
    return 'start';
  }
}

function continued(press: EventPress, { event }: EventPacket, now: number): EventPacketPart {
  press.duration = Math.max(press.duration, event.duration);
  press.lastPacketAt = now;
  return 'continued';
}

/** RFC 4733 §2.5.1.3: a segment that is full, or as full as whole packets make it, is followed by one that begins where it ended. */
const FULL_SEGMENT = 0xff00;
const LONGEST_SEGMENT = 0xffff;
/** Two packets' time, in timestamp units: what a gateway's clock may be off. */
const TOLERANCE = 320;

function goesOn(press: EventPress, packet: EventPacket, now: number): boolean {
  const { ssrc, marker, event } = packet;
  if (marker || ssrc !== press.ssrc || event.event !== press.event) return false;
  if (now - press.lastPacketAt > SILENCE_MS) return fits(press, packet);
  const grown = event.end ? event.duration >= press.duration : event.duration > press.duration;
  return grown || press.duration >= FULL_SEGMENT;
}

/** Whether this timestamp follows from the press's latest, however many packets were lost between. */
function fits({ timestamps, duration }: EventPress, { timestamp, event }: EventPacket): boolean {
  const step = (timestamp - (timestamps.at(-1) ?? timestamp)) | 0;
  if (step >= FULL_SEGMENT && step <= LONGEST_SEGMENT) return true;
  // Told by now that the sender stamps each packet: a press of another would begin at nothing again.
  return timestamps.length > 1 && step > 0 && Math.abs(event.duration - duration - step) <= TOLERANCE;
}
