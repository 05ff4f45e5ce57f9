import { KEY_PACKETS, keyPackets } from './key-packets.ts';

const ETHERNET = 14;
const IP = 20;
const UDP = 8;
const HEADERS = ETHERNET + IP + UDP;

/** A capture file of someone keying these digits, for SIPp to play: it writes the addresses in itself. */
export function dtmfPcap(digits: string, payloadType: number): Buffer {
  const file = Buffer.alloc(24);
  file.writeUInt32LE(0xa1b2c3d4, 0);
  file.writeUInt16LE(2, 4);
  file.writeUInt16LE(4, 6);
  file.writeUInt32LE(65_535, 16);
  file.writeUInt32LE(1, 20); // Ethernet
  let sequence = 1;
  const records = Array.from(digits).flatMap((digit, index) =>
    keyPackets(digit, payloadType).map(({ packet, at }) => {
      packet.writeUInt16BE(sequence++, 2);
      packet.writeUInt32BE(1_000 + index * KEY_PACKETS * 160, 4);
      packet.writeUInt32BE(0x0a0b0c0d, 8);
      return record((index * KEY_PACKETS + at) * 20, packet);
    }),
  );
  return Buffer.concat([file, ...records]);
}

function record(atMs: number, rtp: Buffer): Buffer {
  const length = HEADERS + rtp.length;
  const frame = Buffer.alloc(16 + length);
  frame.writeUInt32LE(Math.floor(atMs / 1000), 0);
  frame.writeUInt32LE((atMs % 1000) * 1000, 4);
  frame.writeUInt32LE(length, 8);
  frame.writeUInt32LE(length, 12);
  const ethernet = frame.subarray(16);
  ethernet.writeUInt16BE(0x0800, 12);
  const ip = ethernet.subarray(ETHERNET);
  ip[0] = 0x45;
  ip.writeUInt16BE(IP + UDP + rtp.length, 2);
  ip[8] = 64;
  ip[9] = 17;
  ip.set([127, 0, 0, 1, 127, 0, 0, 1], 12);
  const udp = ip.subarray(IP);
  udp.writeUInt16BE(40_000, 0);
  udp.writeUInt16BE(40_002, 2);
  udp.writeUInt16BE(UDP + rtp.length, 4);
  rtp.copy(udp, UDP);
  return frame;
}
