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

/** Times the packets of one call as they come out of SRTP. */
export class Ear {
  readonly #ledger: Ledger;
  #answeredAt: number | undefined;
  #keyedAt: number | undefined;
  #before: { readonly at: number; readonly timestamp: number } | undefined;
  /** How early the earliest packet of this utterance came, by its timestamp. */
  #earliest = Infinity;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    ledger.listened += 1;
  }

  answered(): void {
    this.#answeredAt = performance.now();
  }

  lastKey(): void {
    this.#keyedAt = performance.now();
  }

  packet(packet: Uint8Array): void {
    const at = performance.now();
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    const timestamp = view.getUint32(4);
    const begins = view.getUint8(1) >= 0x80;
    this.#ledger.packets += 1;
    if (this.#answeredAt !== undefined) this.#ledger.firstPacket.push(at - this.#answeredAt);
    this.#answeredAt = undefined;
    if (begins && this.#keyedAt !== undefined) {
      this.#ledger.verdict.push(at - this.#keyedAt);
      this.#keyedAt = undefined;
    }
    if (this.#before && (timestamp - this.#before.timestamp) >>> 0 === FRAME_SAMPLES) {
      this.#ledger.spacing.push(at - this.#before.at);
    }
    this.#before = { at, timestamp };
    if (begins) this.#earliest = Infinity;
    const offset = at - timestamp / (FRAME_SAMPLES / FRAME_MS);
    this.#earliest = Math.min(this.#earliest, offset);
    if (offset - this.#earliest > FRAME_MS) this.#ledger.late += 1;
  }
}
