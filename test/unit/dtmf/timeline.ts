import { createKeyEar, type KeyEar } from '../../../sip-gateway/dtmf/key-ear.ts';
import { telephoneEventsOf } from '../../../sip-gateway/dtmf/telephone-event.ts';

/** Something that reaches the ear at a time (milliseconds). */
export interface Arrival {
  readonly at: number;
  readonly deliver: (ear: KeyEar) => void;
}

/** The keys an ear reports when all of this arrives, in the order of time. */
export function heard(...arrivals: readonly (readonly Arrival[])[]): string {
  let now = 0;
  let keys = '';
  const ear = createKeyEar({ onKey: (key) => (keys += key), now: () => now });
  for (const { at, deliver } of arrivals.flat().toSorted((a, b) => a.at - b.at)) {
    now = at;
    deliver(ear);
  }
  return keys;
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

export function rtp(packet: {
  payload: Uint8Array;
  marker?: boolean;
  timestamp?: number;
  ssrc?: number;
  payloadType?: number;
}): Uint8Array {
  const { payload, marker = false, timestamp = 0, ssrc = 7, payloadType = 101 } = packet;
  const bytes = new Uint8Array(12 + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0x80;
  bytes[1] = payloadType | (marker ? 0x80 : 0);
  view.setUint32(4, timestamp);
  view.setUint32(8, ssrc);
  bytes.set(payload, 12);
  return bytes;
}
