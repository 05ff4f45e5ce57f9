/** What an RTP packet of G.711 audio carries, as far as listening is concerned. */
export interface AudioPacket {
  readonly payload: Uint8Array;
  readonly sequence: number;
  readonly timestamp: number;
}

export interface PlacedPacket {
  /** Samples that were sent before this packet, lost ones too: where it belongs in what is being said. */
  readonly position: number;
  /** Samples that the network lost right before this packet. */
  readonly lost: number;
  /** Samples for which nothing was sent right before this packet: silence, or a sender that stalled. */
  readonly unsent: number;
  /** Samples since the first packet, silence included: where it belongs in time. */
  readonly time: number;
}

/** More than this is no gap but another clock: a gateway that began a new stream. */
const LONGEST_GAP = 60 * 8_000;

/** Lays RTP packets out on one time line, and tells loss from silence (RFC 3550 §5.1: the timestamp counts both). */
export class SampleStream {
  #position = 0;
  #silence = 0;
  #next: { sequence: number; timestamp: number } | undefined;

  /** Where the packet belongs; undefined when it came too late or twice. */
  place(packet: AudioPacket): PlacedPacket | undefined {
    const gap = this.#gapBefore(packet);
    if (!gap) return undefined;
    const { lost, unsent } = gap;
    const { length } = packet.payload;
    const position = this.#position + lost;
    this.#position = position + length;
    this.#silence += unsent;
    this.#next = { sequence: (packet.sequence + 1) & 0xffff, timestamp: (packet.timestamp + length) >>> 0 };
    return { position, lost, unsent, time: position + this.#silence };
  }

  #gapBefore({ sequence, timestamp, payload }: AudioPacket): { lost: number; unsent: number } | undefined {
    if (!this.#next) return { lost: 0, unsent: 0 };
    const packets = signed16(sequence - this.#next.sequence);
    const samples = (timestamp - this.#next.timestamp) | 0;
    if (Math.abs(samples) >= LONGEST_GAP) return { lost: 0, unsent: 0 };
    if (packets < 0 && samples < 0) return undefined;
    const lost = packets > 0 ? Math.min(Math.max(0, samples), packets * payload.length) : 0;
    return { lost, unsent: Math.max(0, samples - lost) };
  }
}

function signed16(value: number): number {
  return (value << 16) >> 16;
}
