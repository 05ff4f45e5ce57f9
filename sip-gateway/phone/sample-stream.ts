/** What an RTP packet of G.711 audio carries, as far as listening is concerned. */
export interface AudioPacket {
  readonly payload: Uint8Array;
  readonly sequence: number;
  readonly timestamp: number;
}

export interface PlacedPacket {
  /** In samples since the first packet. */
  readonly position: number;
  /** Samples that the network lost right before this packet. */
  readonly lost: number;
  /** Samples that were never sent right before this packet (RFC 3550 §5.1: the timestamp also counts silence). */
  readonly unsent: number;
}

/** More than this is no gap but another clock: a gateway that began a new stream. */
const LONGEST_GAP = 60 * 8_000;

/** Lays RTP packets out on one time line, and tells loss from silence. */
export class SampleStream {
  #end = 0;
  #next: { sequence: number; timestamp: number } | undefined;

  /** Where the packet belongs; undefined when it came too late or twice. */
  place(packet: AudioPacket): PlacedPacket | undefined {
    const next = this.#next;
    let lost = 0;
    let unsent = 0;
    if (next) {
      const packets = signed16(packet.sequence - next.sequence);
      const samples = (packet.timestamp - next.timestamp) | 0;
      const isSameClock = Math.abs(samples) < LONGEST_GAP;
      if (packets < 0 && samples < 0 && isSameClock) return undefined;
      if (isSameClock && samples > 0) {
        lost = packets > 0 ? Math.min(samples, packets * packet.payload.length) : 0;
        unsent = samples - lost;
      }
    }
    const position = this.#end + lost + unsent;
    this.#end = position + packet.payload.length;
    this.#next = {
      sequence: (packet.sequence + 1) & 0xffff,
      timestamp: (packet.timestamp + packet.payload.length) >>> 0,
    };
    return { position, lost, unsent };
  }
}

function signed16(value: number): number {
  return (value << 16) >> 16;
}
