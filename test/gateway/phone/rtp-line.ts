import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';

export interface ReceivedPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly payload: Buffer;
  /** When it came, in milliseconds of a monotonic clock. */
  readonly at: number;
}

const HEADER = 12;
const FRAME = 160;
export const FRAME_MS = 20;
/** µ-law and A-law silence. */
const SILENCE: Readonly<Record<number, number>> = { 0: 0xff, 8: 0xd5 };

/** One telephone's plain RTP: hears everything, is silent or keys digits (RFC 4733). */
export class RtpLine {
  readonly #socket: Socket;
  readonly #received: ReceivedPacket[] = [];
  readonly #ssrc = randomInt(2 ** 32);
  #sequence = randomInt(2 ** 15);
  #timestamp = randomInt(2 ** 31);
  #far: { readonly address: string; readonly port: number } | undefined;
  #clock: NodeJS.Timeout | undefined;
  #keying: Buffer[] = [];
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

  /** One key press of 100 ms and the pause after it (RFC 4733 §2.5: the end is sent three times). */
  key(digit: string, payloadType: number): void {
    const event = '0123456789*#ABCD'.indexOf(digit);
    const start = { payloadType, event };
    for (let i = 1; i <= 5; i++)
      this.#keying.push(keyPacket({ ...start, duration: i * FRAME, end: false, first: i === 1 }));
    for (let i = 0; i < 3; i++)
      this.#keying.push(keyPacket({ ...start, duration: 6 * FRAME, end: true, first: false }));
    for (let i = 0; i < 4; i++) this.#keying.push(Buffer.alloc(0));
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
    const queued = this.#keying.shift();
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (queued !== undefined && queued.length > 0) {
      // All packets of an event carry the timestamp of its start.
      if ((queued[1] ?? 0) & 0x80) this.#timestamp = (this.#timestamp + FRAME) >>> 0;
      this.#stamp(queued);
      this.#send(queued);
      if ((queued[HEADER + 1] ?? 0) & 0x80 && (this.#keying[0]?.length ?? 0) === 0) {
        this.#timestamp = (this.#timestamp + 7 * FRAME) >>> 0;
      }
      return;
    }
    this.#timestamp = (this.#timestamp + FRAME) >>> 0;
    const packet = Buffer.alloc(HEADER + FRAME, SILENCE[payloadType] ?? 0xff);
    packet[0] = 0x80;
    packet[1] = payloadType;
    this.#stamp(packet);
    this.#send(packet);
  }

  #stamp(packet: Buffer): void {
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(this.#timestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
  }

  #send(packet: Buffer): void {
    if (this.#far === undefined) return;
    this.#socket.send(packet, this.#far.port, this.#far.address);
  }

  #hear(datagram: Buffer): void {
    if (datagram.length < HEADER || ((datagram[0] ?? 0) & 0xc0) !== 0x80) return;
    const packet: ReceivedPacket = {
      payloadType: (datagram[1] ?? 0) & 0x7f,
      sequence: datagram.readUInt16BE(2),
      timestamp: datagram.readUInt32BE(4),
      payload: datagram.subarray(HEADER + 4 * ((datagram[0] ?? 0) & 0x0f)),
      at: performance.now(),
    };
    this.#received.push(packet);
    this.onPacket?.(packet);
  }
}

function keyPacket(key: {
  readonly payloadType: number;
  readonly event: number;
  readonly duration: number;
  readonly end: boolean;
  readonly first: boolean;
}): Buffer {
  const packet = Buffer.alloc(HEADER + 4);
  packet[0] = 0x80;
  packet[1] = key.payloadType | (key.first ? 0x80 : 0);
  packet[HEADER] = key.event;
  packet[HEADER + 1] = (key.end ? 0x80 : 0) | 10;
  packet.writeUInt16BE(key.duration, HEADER + 2);
  return packet;
}
