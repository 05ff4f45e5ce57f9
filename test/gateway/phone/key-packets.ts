const RTP_HEADER = 12;
const FRAME = 160;

export interface KeyPacket {
  readonly packet: Buffer;
  /** Where in the key press it stands, in packets of 20 ms; the three end packets share the last place. */
  readonly at: number;
}

/** How long one key press and the pause after it take, in packets of 20 ms. */
export const KEY_PACKETS = 12;

/**
 * The telephone-event packets of one key press of 120 ms (RFC 4733 §2.5): five updates, then the end three times.
 * Sequence, timestamp (one for all) and SSRC are left to the sender.
 */
export function keyPackets(digit: string, payloadType: number): readonly KeyPacket[] {
  const event = '0123456789*#ABCD'.indexOf(digit);
  const packetOf = (units: number, end: boolean): Buffer => {
    const packet = Buffer.alloc(RTP_HEADER + 4);
    packet[0] = 0x80;
    packet[1] = payloadType | (units === 1 ? 0x80 : 0); // the marker begins an event
    packet[RTP_HEADER] = event;
    packet[RTP_HEADER + 1] = (end ? 0x80 : 0) | 10;
    packet.writeUInt16BE(units * FRAME, RTP_HEADER + 2);
    return packet;
  };
  return [
    ...[1, 2, 3, 4, 5].map((units) => ({ packet: packetOf(units, false), at: units })),
    ...[6, 7, 8].map((at) => ({ packet: packetOf(6, true), at })),
  ];
}
