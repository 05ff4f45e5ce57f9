import { randomBytes } from 'node:crypto';

/** RFC 3550 §5.1: the fixed header, without CSRCs. */
const RTP_HEADER_BYTES = 12;

export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

/** The payload type alone: all that is looked at in most packets received. */
export function payloadTypeOf(packet: Uint8Array): number {
  return (packet[1] ?? 0) & 0x7f;
}

/** Undefined for what is not an RTP packet, RTCP that shares the port included (RFC 5761 §4). */
export function readRtp(packet: Uint8Array): RtpPacket | undefined {
  if (packet.length < RTP_HEADER_BYTES) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const first = view.getUint8(0);
  const second = view.getUint8(1);
  if (first >> 6 !== 2 || (second >= 192 && second <= 223)) return undefined;

  let start = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (packet.length < start + 4) return undefined;
    start += 4 + view.getUint16(start + 2) * 4;
  }
  const padding = first & 0x20 ? view.getUint8(packet.length - 1) : 0;
  const end = packet.length - padding;
  if (start > end) return undefined;

  return {
    payloadType: second & 0x7f,
    marker: second >= 0x80,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: packet.subarray(start, end),
  };
}

/**
 * The outgoing side of one RTP stream. SSRC, first sequence number and first timestamp are random, as RFC 3550
 * §5.1 wants them, and not guessable.
 */
export class RtpStream {
  readonly ssrc: number;
  readonly #firstTimestamp: number;
  #sequence: number;
  #buffer = Buffer.alloc(RTP_HEADER_BYTES + 160);

  constructor() {
    const random = randomBytes(10);
    this.ssrc = random.readUInt32BE(0);
    this.#firstTimestamp = random.readUInt32BE(4);
    this.#sequence = random.readUInt16BE(8);
  }

  /**
   * The next packet. `time` is in samples since the stream began. The buffer is used again for the next
   * packet: send it before that.
   */
  next(payload: Uint8Array, { payloadType, time, marker = false }: RtpFrameOptions): Uint8Array {
    const length = RTP_HEADER_BYTES + payload.length;
    if (this.#buffer.length < length) this.#buffer = Buffer.alloc(length);
    const packet = this.#buffer;
    packet[0] = 0x80;
    packet[1] = payloadType | (marker ? 0x80 : 0);
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE((this.#firstTimestamp + time) >>> 0, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    packet.set(payload, RTP_HEADER_BYTES);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return packet.length === length ? packet : packet.subarray(0, length);
  }
}

export interface RtpFrameOptions {
  readonly payloadType: number;
  readonly time: number;
  readonly marker?: boolean;
}
