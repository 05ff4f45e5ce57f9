import { decodeG711 } from '../media/g711.ts';
import type { NegotiatedAudio } from '../media/negotiated.ts';
import { readRtp } from '../media/rtp.ts';

/** What arrived of one RTP stream. Milliseconds. */
export interface StreamFigures {
  readonly packets: number;
  /** By the sequence numbers, of those between the first and the last. */
  readonly lost: number;
  /** Interarrival jitter (RFC 3550 §6.4.1, A.8). */
  readonly jitterMs: number;
  /** Some sound was in it, and not only silence or noise of the line. */
  readonly hasSound: boolean;
}

const TICKS_PER_MS = 8;
const HALF = 0x8000;
/** Peak of a sine of about -40 dBm0: below it is the noise of a line. */
const FAINTEST_PEAK = 230;

/** Measures a received stream of G.711. */
export class StreamMeter {
  #packets = 0;
  #first: number | undefined;
  #highest = 0;
  #cycles = 0;
  #jitter = 0;
  #transit: number | undefined;
  #hasSound = false;

  /** `now` in milliseconds. What is neither audio of this call nor a key told in its place is not counted. */
  packet(bytes: Uint8Array, audio: NegotiatedAudio, now: number): void {
    const packet = readRtp(bytes);
    const isAudio = packet?.payloadType === audio.payloadType;
    if (!packet || (!isAudio && packet.payloadType !== audio.telephoneEvent)) return;
    this.#packets += 1;
    this.#count(packet.sequence);
    // Events keep the time of their first packet (RFC 4733 §2.5.1.2).
    if (!isAudio) return;
    const transit = now - packet.timestamp / TICKS_PER_MS;
    if (this.#transit !== undefined) this.#jitter += (Math.abs(transit - this.#transit) - this.#jitter) / 16;
    this.#transit = transit;
    this.#hasSound ||= decodeG711(packet.payload, audio.codec).some((sample) => Math.abs(sample) > FAINTEST_PEAK);
  }

  get figures(): StreamFigures {
    const expected = this.#first === undefined ? 0 : this.#cycles + this.#highest - this.#first + 1;
    return {
      packets: this.#packets,
      lost: Math.max(0, expected - this.#packets),
      jitterMs: Math.round(this.#jitter * 10) / 10,
      hasSound: this.#hasSound,
    };
  }

  #count(sequence: number): void {
    this.#first ??= sequence;
    if (this.#packets === 1) this.#highest = sequence;
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ahead === 0 || ahead >= HALF) return;
    if (sequence < this.#highest) this.#cycles += 0x1_0000;
    this.#highest = sequence;
  }
}
