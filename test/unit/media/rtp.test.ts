import { describe, expect, it } from 'vitest';
import { payloadTypeOf, readRtp, RtpStream } from '../../../sip-gateway/media/rtp.ts';

/** A packet of one byte, with what is put before and after it. */
function packet({ first = 0x80, second = 0, before = [], after = [] }: Parts): Uint8Array {
  return Uint8Array.from([first, second, 0x12, 0x34, 0, 0, 0, 160, 0xde, 0xad, 0xbe, 0xef, ...before, 7, ...after]);
}
interface Parts {
  readonly first?: number;
  readonly second?: number;
  readonly before?: readonly number[];
  readonly after?: readonly number[];
}

describe('readRtp', () => {
  it('reads the header and the payload', () => {
    expect(readRtp(packet({ second: 0x80 | 101 }))).toEqual({
      payloadType: 101,
      marker: true,
      sequence: 0x1234,
      timestamp: 160,
      ssrc: 0xdeadbeef,
      payload: Uint8Array.of(7),
    });
  });

  it('skips contributing sources, header extension and padding', () => {
    expect(readRtp(packet({ first: 0x81, before: [1, 2, 3, 4] }))?.payload).toEqual(Uint8Array.of(7));
    expect(readRtp(packet({ first: 0x90, before: [0xbe, 0xde, 0, 1, 9, 9, 9, 9] }))?.payload).toEqual(Uint8Array.of(7));
    expect(readRtp(packet({ first: 0xa0, after: [0, 0, 3] }))?.payload).toEqual(Uint8Array.of(7));
  });

  it.each([
    ['too short', Uint8Array.of(0x80, 0, 0)],
    ['of another version', packet({ first: 0x40 })],
    ['RTCP', packet({ second: 200 })],
    ['said to be longer than it is', packet({ first: 0x8f })],
    ['padded more than it is long', packet({ first: 0xa0, after: [99] })],
    ['cut off in its extension', packet({ first: 0x90 })],
  ])('reads nothing from what is %s', (_, bytes) => {
    expect(readRtp(bytes)).toBeUndefined();
  });
});

describe('RtpStream', () => {
  it('counts packets, takes time as it is told, and keeps its source', () => {
    const stream = new RtpStream();
    const [first, second] = [0, 480].map((time) =>
      readRtp(Buffer.from(stream.next(new Uint8Array(160), { payloadType: 8, time, marker: time === 0 }))),
    );
    expect(second?.sequence).toBe(((first?.sequence ?? 0) + 1) & 0xffff);
    expect(((second?.timestamp ?? 0) - (first?.timestamp ?? 0)) >>> 0).toBe(480);
    expect([first?.ssrc, second?.ssrc]).toEqual([stream.ssrc, stream.ssrc]);
    expect([first?.marker, second?.marker]).toEqual([true, false]);
  });

  it('sends short packets in their own length', () => {
    const stream = new RtpStream();
    stream.next(new Uint8Array(160), { payloadType: 0, time: 0 });
    const short = stream.next(Uint8Array.of(1, 2, 3, 4), { payloadType: 101, time: 160 });
    expect(short).toHaveLength(16);
    expect(payloadTypeOf(short)).toBe(101);
  });

  it('begins each stream somewhere else', () => {
    const ssrcs = new Set(Array.from({ length: 50 }, () => new RtpStream().ssrc));
    expect(ssrcs.size).toBe(50);
  });

  it('wraps the sequence number', () => {
    const stream = new RtpStream();
    const sequences = Array.from({ length: 70_000 }, () =>
      Buffer.from(stream.next(Uint8Array.of(0), { payloadType: 0, time: 0 })).readUInt16BE(2),
    );
    expect(new Set(sequences).size).toBe(65_536);
  });
});
