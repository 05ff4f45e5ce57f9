import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { encodeG711 } from '../../../sip-gateway/media/g711.ts';
import { toneOf } from '../../support/tone-line.ts';
import { KEY_PACKETS, keyPackets } from './key-packets.ts';

export interface ReceivedPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly payload: Buffer;
  /** Who sent it. */
  readonly ssrc: number;
  /** When it came, in milliseconds of a monotonic clock. */
  readonly at: number;
}

const HEADER = 12;
const FRAME = 160;
const FRAME_MS = 20;
/** µ-law and A-law silence. */
const SILENCE: Readonly<Record<number, number>> = { 0: 0xff, 8: 0xd5 };

/** One telephone's plain RTP: hears everything, is silent or keys digits (RFC 4733). */
export class RtpLine {
  readonly #socket: Socket;
  readonly #received: ReceivedPacket[] = [];
  readonly #ssrc = randomInt(2 ** 32);
  #sequence = randomInt(2 ** 15);
  #now = randomInt(2 ** 31);
  #keyedAt = 0;
  #far: { readonly address: string; readonly port: number } | undefined;
  #clock: NodeJS.Timeout | undefined;
  readonly #keying: (Buffer | undefined)[] = [];
  onPacket: ((packet: ReceivedPacket) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (datagram) => this.#hear(datagram));
    socket.on('error', () => undefined);
  }

  static async open(): Promise<RtpLine> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, '127.0.0.1', resolve);
    });
    return new RtpLine(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get received(): readonly ReceivedPacket[] {
    return this.#received;
  }

  /** Sends a packet each 20 ms, as telephones do: silence, or what is being keyed. */
  talkTo(far: { readonly address: string; readonly port: number }, payloadType: number): void {
    this.#far = far;
    if (this.#clock !== undefined) return;
    let next = performance.now();
    const tick = (): void => {
      this.#sendNext(payloadType);
      next += FRAME_MS;
      this.#clock = setTimeout(tick, Math.max(0, next - performance.now()));
    };
    tick();
  }

  /** One key press and the pause after it. */
  key(digit: string, payloadType: number): void {
    const packets = keyPackets(digit, payloadType);
    this.#keying.push(...packets.map(({ packet }) => packet));
    for (let i = packets.length; i < KEY_PACKETS; i++) this.#keying.push(undefined);
  }

  /** One key press of 80 ms as a tone in the audio, and the pause after it. */
  tone(digit: string, payloadType: number): void {
    const tone = encodeG711(toneOf(digit, 4 * FRAME), payloadType === 8 ? 'PCMA' : 'PCMU');
    for (let at = 0; at < tone.length; at += FRAME) {
      const packet = Buffer.alloc(HEADER + FRAME);
      packet[0] = 0x80;
      packet[1] = payloadType;
      packet.set(tone.subarray(at, at + FRAME), HEADER);
      this.#keying.push(packet);
    }
    for (let i = 0; i < 4; i++) this.#keying.push(undefined);
  }

  close(): void {
    clearTimeout(this.#clock);
    this.#clock = undefined;
    this.onPacket = undefined;
    try {
      this.#socket.close();
    } catch {
      // Closed before.
    }
  }

  #sendNext(payloadType: number): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#now = (this.#now + FRAME) >>> 0;
    const key = this.#keying.shift();
    if (key !== undefined && key[1] === payloadType) {
      this.#send(key, this.#now);
      return;
    }
    if (key !== undefined) {
      // All packets of an event carry the timestamp of its start, which has the marker (RFC 4733 §2.5.1.2).
      if ((key[1] ?? 0) & 0x80) this.#keyedAt = this.#now;
      this.#send(key, this.#keyedAt);
      return;
    }
    const silence = Buffer.alloc(HEADER + FRAME, SILENCE[payloadType] ?? 0xff);
    silence[0] = 0x80;
    silence[1] = payloadType;
    this.#send(silence, this.#now);
  }

  #send(packet: Buffer, timestamp: number): void {
    if (this.#far === undefined) return;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    this.#socket.send(packet, this.#far.port, this.#far.address);
  }

  #hear(datagram: Buffer): void {
    if (datagram.length < HEADER || ((datagram[0] ?? 0) & 0xc0) !== 0x80) return;
    const packet: ReceivedPacket = {
      payloadType: (datagram[1] ?? 0) & 0x7f,
      sequence: datagram.readUInt16BE(2),
      timestamp: datagram.readUInt32BE(4),
      ssrc: datagram.readUInt32BE(8),
      payload: datagram.subarray(HEADER + 4 * ((datagram[0] ?? 0) & 0x0f)),
      at: performance.now(),
    };
    this.#received.push(packet);
    this.onPacket?.(packet);
  }
}
