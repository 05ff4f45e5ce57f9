import type { KeyWay, TrunkConfig } from '../../server/telephony/messages.ts';
import type { Codec } from '../media/media-engine.ts';
import type { NegotiatedAudio } from '../media/negotiated.ts';
import { payloadTypeOf, readRtp, type RtpPacket } from '../media/rtp.ts';
import type { Key } from '../scripts/call-script.ts';
import { EventReceiver } from './event-receiver.ts';
import { readInfoBody } from './info-body.ts';
import { keyOfEvent } from './key.ts';
import { KeyPresses, type Press } from './key-presses.ts';
import { readTelephoneEvent } from './telephone-event.ts';
import { ToneEar } from './tone-ear.ts';
import { waysToHear } from './ways-to-hear.ts';

export interface KeyEarOptions {
  readonly dtmf: TrunkConfig['dtmf'];
  /** One call for each key press, as soon as the first word of it arrives; with the way that told it first. */
  readonly onKey: (key: Key, way: KeyWay) => void;
  /** Whether packets are to be had from now on; none is needed before the first such call. */
  readonly onPacketsNeeded: (needed: boolean) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

export interface InfoRequest {
  readonly callId: string;
  readonly cseq: number;
  readonly contentType: string;
  readonly body: string;
}

/** Hears the keys of one call, one digit for each press. It holds no timer and needs no closing. */
export interface KeyEar {
  /** What the call speaks, from now on: packets may come. */
  open(audio: NegotiatedAudio): void;
  /** A key was waited for, and none came. */
  inVain(): void;
  /** Every INFO of the call, retransmissions included. Never throws. */
  info(request: InfoRequest): void;
  /** Every RTP packet of the call; audio costs one comparison where tones are not listened to. Never throws. */
  packet(rtp: Uint8Array): void;
}

/** RFC 3551 §6; what a phone may send whatever we send it, as we offer both. */
const STATIC_CODECS: Readonly<Record<number, Codec>> = { 0: 'PCMU', 8: 'PCMA' };
/** Of telephone-event in our own offers. */
const OUR_EVENT_TYPE = 101;
const REMEMBERED_INFOS = 64;

/**
 * One key press is one digit, whichever way and however often it arrives. Within one way a repetition is known by its
 * name: an INFO by Call-ID and CSeq, an event packet by its RTP timestamp, a tone by not having ended. KeyPresses
 * matches one way's with another's.
 */
export function createKeyEar({ dtmf, onKey, onPacketsNeeded, now }: KeyEarOptions): KeyEar {
  const infos = new Set<string>();
  const events = new EventReceiver();
  const presses = new KeyPresses();
  const told: KeyWay[] = [];
  let audio: NegotiatedAudio | undefined;
  let inVain = false;
  let ways: readonly KeyWay[] = [];
  let hearsEvents = false;
  let tones: { readonly ear: ToneEar; press?: Press } | undefined;
  let pressOfEvent: Press | undefined;
  listen();

  function listen(): void {
    ways = waysToHear(dtmf, { telephoneEvent: audio?.telephoneEvent !== undefined, told, inVain });
    if (!audio) return;
    const neededPackets = hearsEvents || tones !== undefined;
    hearsEvents = ways.includes('rfc4733');
    if (!ways.includes('in-band')) tones = undefined;
    else tones ??= { ear: new ToneEar({ codecOf, onKey: (key) => heardTone(key) }) };
    const needPackets = hearsEvents || tones !== undefined;
    if (needPackets !== neededPackets) onPacketsNeeded(needPackets);
  }

  function codecOf(payloadType: number): Codec | undefined {
    return payloadType === audio?.payloadType ? audio.codec : STATIC_CODECS[payloadType];
  }

  function hear(key: Key, way: KeyWay): Press {
    const { press, isNew } = presses.hear(key, way, now());
    if (!told.includes(way)) {
      told.push(way);
      listen();
    }
    if (isNew) onKey(key, way);
    return press;
  }

  function heardTone(key: Key): void {
    const press = hear(key, 'in-band');
    if (tones) tones.press = press;
  }

  function readEvent({ ssrc, timestamp, marker, payload }: RtpPacket): void {
    const event = readTelephoneEvent(payload);
    const key = event && keyOfEvent(event.event);
    if (!event || key === undefined) return;
    const part = events.receive({ ssrc, timestamp, marker, event }, now());
    if (part === 'start') pressOfEvent = hear(key, 'rfc4733');
    if (part !== 'stale' && pressOfEvent) pressOfEvent.until = now();
  }

  function hearTones(packet: RtpPacket): void {
    tones?.ear.packet(packet);
    if (tones?.press && tones.ear.held === tones.press.key) tones.press.until = now();
  }

  return {
    open(negotiated) {
      audio = negotiated;
      listen();
    },

    inVain() {
      inVain = true;
      listen();
    },

    info({ callId, cseq, contentType, body }) {
      if (!ways.includes('info')) return;
      const name = `${cseq} ${callId}`;
      if (infos.has(name)) return;
      infos.add(name);
      forgetOldest(infos);
      const read = readInfoBody(contentType, body);
      if (read) hear(read.key, 'info');
    },

    packet(rtp) {
      const type = payloadTypeOf(rtp);
      const isEvent = hearsEvents && (type === OUR_EVENT_TYPE || type === audio?.telephoneEvent);
      if (!isEvent && !tones) return;
      const packet = readRtp(rtp);
      if (!packet) return;
      if (isEvent) readEvent(packet);
      hearTones(packet);
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
