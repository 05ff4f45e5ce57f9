/** pcap-savefile(5): a header of 24 bytes, and one of 16 before each packet. */
const FILE_HEADER = 24;
const PACKET_HEADER = 16;
/** Written on this machine, with microseconds. */
const MAGIC = 0xa1b2_c3d4;
const ETHERNET_HEADER = 14;
const UDP_HEADER = 8;

export interface Datagram {
  /** Milliseconds since 1970, when the kernel had it. */
  readonly at: number;
  /** As much of it as was captured. */
  readonly payload: Buffer;
}

/** The UDP datagrams over IPv4 in what `tcpdump -w` wrote of an Ethernet or the loopback. */
export function* datagramsIn(file: Buffer): Generator<Datagram> {
  if (file.length < FILE_HEADER) return;
  const magic = file.readUInt32LE(0);
  if (magic !== MAGIC) throw new Error(`a pcap file of microseconds was expected, not one that begins with ${magic}`);
  for (let at = FILE_HEADER; at + PACKET_HEADER <= file.length;) {
    const time = file.readUInt32LE(at) * 1_000 + file.readUInt32LE(at + 4) / 1_000;
    const end = at + PACKET_HEADER + file.readUInt32LE(at + 8);
    // The last one may be cut off.
    if (end > file.length) return;
    const ip = at + PACKET_HEADER + ETHERNET_HEADER;
    const ipHeader = (file.readUInt8(ip) & 0x0f) * 4;
    yield { at: time, payload: file.subarray(ip + ipHeader + UDP_HEADER, end) };
    at = end;
  }
}
