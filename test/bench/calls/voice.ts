/** A phone's own audio: 50 packets a second in SRTP, and its keys among them as RFC 4733 wants. */
const PACKET_MS = 20;
const SAMPLES = 160;
/** A key is held for 100 ms: five packets while it is down, the last of them sent three times (RFC 4733 §2.5.1.4). */
const KEY_PACKETS = 5;
const END_PACKETS = 3;
/** Phones do not send in step: each call gets one of so many phases. */
const PHASES = 10;

export class Voice {
  readonly #packet = Buffer.alloc(12 + SAMPLES, 0xd5);
  readonly #send: (packet: Buffer) => void;
  #timestamp = 0;
  #sequence = 0;
  #key: { readonly digit: number; readonly timestamp: number; sent: number } | undefined;

  constructor(send: (packet: Buffer) => void) {
    this.#send = send;
    this.#packet[0] = 0x80;
    this.#packet.writeUInt32BE(1 + Math.floor(Math.random() * 0x7fff_ffff), 8);
  }

  press(key: string): void {
    this.#key = { digit: Number(key), timestamp: this.#timestamp + SAMPLES, sent: 0 };
  }

  tick(): void {
    this.#timestamp += SAMPLES;
    if (this.#key) this.#sendKey(this.#key);
    else this.#write(0, this.#timestamp, this.#packet);
  }

  #sendKey(key: { readonly digit: number; readonly timestamp: number; sent: number }): void {
    key.sent += 1;
    const packet = this.#packet.subarray(0, 16);
    packet[12] = key.digit;
    packet[13] = 10;
    packet.writeUInt16BE(Math.min(key.sent, KEY_PACKETS) * SAMPLES, 14);
    this.#write(key.sent === 1 ? 101 | 0x80 : 101, key.timestamp, packet);
    if (key.sent < KEY_PACKETS) return;
    packet[13] = 0x80 | 10;
    for (let n = 0; n < END_PACKETS; n += 1) this.#write(101, key.timestamp, packet);
    this.#packet.fill(0xd5, 12);
    this.#key = undefined;
  }

  #write(payloadType: number, timestamp: number, packet: Buffer): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    packet[1] = payloadType;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(timestamp >>> 0, 4);
    this.#send(packet);
  }
}

/** The clock of all voices; each goes with its phase. */
export class VoiceClock {
  readonly #phases = Array.from({ length: PHASES }, () => new Set<Voice>());
  #begin = performance.now();
  #done = 0;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Returns the undo. */
  add(voice: Voice): () => void {
    const phase = this.#phases[this.#next++ % PHASES];
    phase?.add(voice);
    this.#timer ??= this.#start();
    return () => phase?.delete(voice);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #start(): NodeJS.Timeout {
    this.#begin = performance.now();
    this.#done = 0;
    return setInterval(() => this.#run(), PACKET_MS / PHASES);
  }

  #run(): void {
    const due = Math.floor((performance.now() - this.#begin) / (PACKET_MS / PHASES));
    for (; this.#done < due; this.#done += 1) {
      for (const voice of this.#phases[this.#done % PHASES] ?? []) voice.tick();
    }
  }
}
