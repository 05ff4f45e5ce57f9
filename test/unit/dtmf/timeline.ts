import type { KeyWay, TrunkConfig } from '../../../server/telephony/messages.ts';
import { createKeyEar, type KeyEar } from '../../../sip-gateway/dtmf/key-ear.ts';
import { telephoneEventsOf } from '../../../sip-gateway/dtmf/telephone-event.ts';
import type { NegotiatedAudio } from '../../../sip-gateway/media/negotiated.ts';
import { encodeG711 } from '../../../sip-gateway/media/g711.ts';
import { toneOf } from '../../support/tone-line.ts';

/** Something that reaches the ear at a time (milliseconds). */
export interface Arrival {
  readonly at: number;
  readonly deliver: (ear: KeyEar) => void;
}

/** What an ear made of what arrived. */
export interface HeardKeys {
  readonly keys: string;
  /** The way that told each key first. */
  readonly ways: readonly KeyWay[];
  /** Whether packets were wanted in the end. */
  readonly wantsPackets: boolean;
}

const WITH_EVENTS: NegotiatedAudio = { codec: 'PCMU', payloadType: 0, telephoneEvent: 101 };

/** Lets all of this arrive, in the order of time; packets that the ear does not want do not reach it. */
export function listen(
  arrivals: readonly (readonly Arrival[])[],
  { dtmf = 'auto', audio = WITH_EVENTS }: { dtmf?: TrunkConfig['dtmf']; audio?: NegotiatedAudio } = {},
): HeardKeys {
  let now = 0;
  let keys = '';
  let wantsPackets = false;
  const ways: KeyWay[] = [];
  const ear = createKeyEar({
    dtmf,
    onKey: (key, way) => {
      keys += key;
      ways.push(way);
    },
    onPacketsNeeded: (needed) => {
      wantsPackets = needed;
    },
    now: () => now,
  });
  ear.open(audio);
  const door: KeyEar = { ...ear, packet: (bytes) => (wantsPackets ? ear.packet(bytes) : undefined) };
  for (const { at, deliver } of arrivals.flat().toSorted((a, b) => a.at - b.at)) {
    now = at;
    deliver(door);
  }
  return { keys, ways, wantsPackets };
}

/** The keys that an ear for INFO and RFC 4733 reports, whatever the first of them shows. */
export function heard(...arrivals: readonly (readonly Arrival[])[]): string {
  return listen(arrivals, { dtmf: ['info', 'rfc4733'] }).keys;
}

export interface InfoOptions {
  readonly at: number;
  readonly cseq: number;
  /** Later copies of the same request, in milliseconds after the first. */
  readonly copies?: readonly number[];
}

export function info(key: string, { at, cseq, copies = [] }: InfoOptions): readonly Arrival[] {
  const request = { callId: 'a-call', cseq, contentType: 'application/dtmf-relay', body: `Signal=${key}\r\n` };
  return [0, ...copies].map((later) => ({ at: at + later, deliver: (ear) => ear.info(request) }));
}

export interface EventOptions {
  readonly at: number;
  /** How long the key is held. */
  readonly ms: number;
  readonly ssrc?: number;
  /** RTP timestamp of the packet with this index; of the press's start unless told otherwise. */
  readonly timestamp?: (index: number) => number;
  /** Which of the packets arrive. */
  readonly arrives?: (index: number, count: number) => boolean;
}

/** The RFC 4733 packets of a press, 20 ms apart. */
export function events(key: string, options: EventOptions): readonly Arrival[] {
  const { at, ms, ssrc = 7, timestamp = () => at * 8, arrives = () => true } = options;
  const packets = telephoneEventsOf(key, ms);
  return packets.flatMap(({ payload, marker }, index) => {
    const packet = rtp({ payload, marker, timestamp: timestamp(index), ssrc });
    return arrives(index, packets.length)
      ? [{ at: at + index * 20, deliver: (ear: KeyEar) => ear.packet(packet) }]
      : [];
  });
}

export interface Tone {
  readonly key: string;
  /** Milliseconds. */
  readonly at: number;
  readonly ms: number;
}

export interface AudioOptions {
  readonly from?: number;
  readonly until: number;
  /** Which of the packets arrive. */
  readonly arrives?: (index: number) => boolean;
  /** Packets that trade places with the next. */
  readonly overtaken?: (index: number) => boolean;
}

/** The audio packets of a call, µ-law, 20 ms each: silence, and these tones in it. */
export function audioOf(tones: readonly Tone[], options: AudioOptions): readonly Arrival[] {
  const { from = 0, until, arrives = () => true, overtaken = () => false } = options;
  const samples = new Int16Array((until - from) * 8);
  for (const { key, at, ms } of tones) samples.set(toneOf(key, ms * 8), (at - from) * 8);
  return Array.from({ length: Math.floor(samples.length / 160) }, (_, index) => {
    const packet = rtp({
      payload: encodeG711(samples.subarray(index * 160, (index + 1) * 160), 'PCMU'),
      payloadType: 0,
      ssrc: 9,
      sequence: index + from / 20,
      timestamp: from * 8 + index * 160,
    });
    return { at: from + (index + 1) * 20 + (overtaken(index) ? 21 : 0), deliver: (ear: KeyEar) => ear.packet(packet) };
  }).filter((_, index) => arrives(index));
}

export function rtp(packet: {
  payload: Uint8Array;
  marker?: boolean;
  timestamp?: number;
  ssrc?: number;
  payloadType?: number;
  sequence?: number;
}): Uint8Array {
  const { payload, marker = false, timestamp = 0, ssrc = 7, payloadType = 101, sequence = 0 } = packet;
  const bytes = new Uint8Array(12 + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0x80;
  bytes[1] = payloadType | (marker ? 0x80 : 0);
  view.setUint16(2, sequence);
  view.setUint32(4, timestamp);
  view.setUint32(8, ssrc);
  bytes.set(payload, 12);
  return bytes;
}
