import { decodeG711 } from '../media/g711.ts';
import type { Codec } from '../media/media-engine.ts';
import type { RtpPacket } from '../media/rtp.ts';
import type { Key } from '../scripts/call-script.ts';
import { ToneDetector } from './tone-detector.ts';

export interface ToneEarOptions {
  /** The law of a payload type; undefined for what is not audio. */
  readonly codecOf: (payloadType: number) => Codec | undefined;
  /** Called once per press, as soon as it is certain. */
  readonly onKey: (key: Key) => void;
}

/** A step in RTP time beyond which a stream has begun anew: 1 s at 8 kHz. */
const NEW_STREAM = 8000;

/**
 * Hears key tones in the RTP packets of a call: every packet in, whatever its payload. They are put in order (one
 * that overtook another waits for it, and no longer), and time without audio is either lost, where packets are missing, or silent,
 * where the sender left it out (a gateway that detects voice, or one that sends an event in place of the audio).
 */
export class ToneEar {
  readonly #codecOf: ToneEarOptions['codecOf'];
  readonly #detector: ToneDetector;
  #ssrc: number | undefined;
  /** Of the packet that is due. */
  #sequence = 0;
  #timestamp = 0;
  /** Came before its turn. */
  #early: RtpPacket | undefined;

  constructor({ codecOf, onKey }: ToneEarOptions) {
    this.#codecOf = codecOf;
    this.#detector = new ToneDetector({ onKey });
  }

  /** The key that is being heard now. */
  get held(): Key | undefined {
    return this.#detector.held;
  }

  packet(packet: RtpPacket): void {
    const isSame = packet.ssrc === this.#ssrc;
    const isAudio = this.#codecOf(packet.payloadType) !== undefined;
    const ahead = signed16(packet.sequence - this.#sequence);
    if (isAudio && !(isSame && Math.abs(signed32(packet.timestamp - this.#timestamp)) <= NEW_STREAM)) {
      this.#beginWith(packet);
    } else if (!isSame) {
      return;
    } else if (ahead === 0) {
      this.#take(packet);
      this.#takeEarly(false);
    } else if (ahead > 0 && this.#early === undefined) {
      // The buffer is ours during this call only.
      this.#early = { ...packet, payload: packet.payload.slice() };
    } else if (ahead > 0) {
      this.#takeEarly(true);
      this.packet(packet);
    }
  }

  #beginWith(packet: RtpPacket): void {
    this.#detector.beginAnew();
    this.#early = undefined;
    this.#ssrc = packet.ssrc;
    this.#timestamp = packet.timestamp;
    this.#take(packet);
  }

  #takeEarly(isOverdue: boolean): void {
    const early = this.#early;
    if (!early || !(isOverdue || early.sequence === this.#sequence)) return;
    this.#early = undefined;
    this.#take(early);
  }

  #take({ sequence, timestamp, payloadType, payload }: RtpPacket): void {
    const isNext = sequence === this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    const codec = this.#codecOf(payloadType);
    if (codec === undefined) return;
    const missing = signed32(timestamp - this.#timestamp);
    if (missing > 0 && isNext) this.#detector.push(new Int16Array(missing));
    else if (missing > 0) this.#detector.lose(missing);
    this.#timestamp = (timestamp + payload.length) >>> 0;
    this.#detector.push(decodeG711(payload, codec));
  }
}

function signed16(difference: number): number {
  return (difference << 16) >> 16;
}

function signed32(difference: number): number {
  return difference | 0;
}
