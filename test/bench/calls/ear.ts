import type { Measured } from './messages.ts';

const FRAME_MS = 20;
const FRAME_SAMPLES = 160;

/** What was measured in all calls that were listened to. */
export class Ledger {
  listened = 0;
  packets = 0;
  late = 0;
  readonly firstPacket: number[] = [];
  readonly verdict: number[] = [];
  readonly spacing: number[] = [];

  get measured(): Measured {
    const { listened, packets, late, firstPacket, verdict, spacing } = this;
    return { listened, packets, late, firstPacket, verdict, spacing };
  }
}

/** What is to be known of an RTP packet, in SRTP too, whose header is in clear (RFC 3711 §3.1). */
export interface Heard {
  /** Milliseconds. */
  readonly at: number;
  readonly timestamp: number;
  readonly marker: boolean;
}

/** Judges the packets of one call by the times at which they come. */
export class Ear {
  readonly #ledger: Ledger;
  #answeredAt: number | undefined;
  #keyedAt: number | undefined;
  #before: Heard | undefined;
  /** How early the earliest packet of this utterance came, by its timestamp. */
  #earliest = Infinity;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    ledger.listened += 1;
  }

  answered(at: number): void {
    this.#answeredAt = at;
  }

  lastKey(at: number): void {
    this.#keyedAt = at;
  }

  packet(packet: Heard): void {
    const { at, timestamp, marker } = packet;
    this.#ledger.packets += 1;
    if (this.#answeredAt !== undefined) this.#ledger.firstPacket.push(at - this.#answeredAt);
    this.#answeredAt = undefined;
    if (marker && this.#keyedAt !== undefined && at >= this.#keyedAt) {
      this.#ledger.verdict.push(at - this.#keyedAt);
      this.#keyedAt = undefined;
    }
    if (this.#before && (timestamp - this.#before.timestamp) >>> 0 === FRAME_SAMPLES) {
      this.#ledger.spacing.push(at - this.#before.at);
    }
    this.#before = packet;
    if (marker) this.#earliest = Infinity;
    const offset = at - timestamp / (FRAME_SAMPLES / FRAME_MS);
    this.#earliest = Math.min(this.#earliest, offset);
    if (offset - this.#earliest > FRAME_MS) this.#ledger.late += 1;
  }
}
