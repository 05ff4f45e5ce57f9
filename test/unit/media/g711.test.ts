import { describe, expect, it } from 'vitest';
import { decodeG711, encodeG711, SILENCE } from '../../../sip-gateway/media/g711.ts';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const EVERY_SAMPLE = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);

describe.each(['PCMU', 'PCMA'] as const)('G.711 %s', (codec) => {
  it('encodes what it has decoded to the same sound', () => {
    const heard = decodeG711(EVERY_BYTE, codec);
    expect(decodeG711(encodeG711(heard, codec), codec)).toEqual(heard);
  });

  it('encodes each sample to the nearest level there is', () => {
    const levels = decodeG711(EVERY_BYTE, codec);
    const heard = decodeG711(encodeG711(EVERY_SAMPLE, codec), codec);
    const notNearest = [-32_768, -20_001, -1000, -37, -1, 0, 1, 5, 36, 999, 12_345, 32_767].filter((sample) => {
      const error = Math.abs((heard[sample + 32_768] ?? NaN) - sample);
      return levels.some((level) => Math.abs(level - sample) < error);
    });
    expect(notNearest).toEqual([]);
  });

  it('is silent as the other end expects it', () => {
    expect(encodeG711(new Int16Array(1), codec)[0]).toBe(SILENCE[codec]);
  });

  it('never gets softer as the sample gets louder', () => {
    const heard = decodeG711(encodeG711(EVERY_SAMPLE, codec), codec);
    expect(heard.findIndex((level, index) => level < (heard[index - 1] ?? level))).toBe(-1);
  });
});

describe('the levels of G.711', () => {
  // ITU-T G.711, tables 2a and 1a: the largest decoder outputs are 8031 (14 bits) and 4032 (13 bits).
  it.each([
    ['PCMU', 0x80, 8031 * 4],
    ['PCMU', 0x00, -8031 * 4],
    ['PCMA', 0xaa, 4032 * 8],
    ['PCMA', 0x2a, -4032 * 8],
  ] as const)('are the standard’s for %s byte %i', (...[codec, byte, level]) => {
    expect(decodeG711(Uint8Array.of(byte), codec)[0]).toBe(level);
  });
});
