import type { Codec } from './media-engine.ts';

/**
 * ITU-T G.711. The standard's uniform codes are 14 bits (µ-law) and 13 bits (A-law) wide; samples here are
 * 16 bits, so the tables are shifted by 2 and by 3.
 */
const DECODED: Readonly<Record<Codec, Int16Array>> = {
  PCMU: Int16Array.from({ length: 256 }, (_, byte) => mulawToLinear(byte)),
  PCMA: Int16Array.from({ length: 256 }, (_, byte) => alawToLinear(byte)),
};

const ENCODED: Readonly<Record<Codec, Uint8Array>> = { PCMU: encoderOf('PCMU'), PCMA: encoderOf('PCMA') };

/** The byte that both laws send for nothing at all. */
export const SILENCE: Readonly<Record<Codec, number>> = { PCMU: 0xff, PCMA: 0xd5 };

/** 8 kHz samples, 16 bits, one byte each on the wire. */
export function encodeG711(samples: Int16Array, codec: Codec): Uint8Array {
  const table = ENCODED[codec];
  const bytes = new Uint8Array(samples.length);
  for (let index = 0; index < samples.length; index++) bytes[index] = table[(samples[index] ?? 0) & 0xffff] ?? 0;
  return bytes;
}

/** The samples that a decoder hears. Encoding them again with the same law gives the same samples. */
export function decodeG711(bytes: Uint8Array, codec: Codec): Int16Array {
  const table = DECODED[codec];
  const samples = new Int16Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) samples[index] = table[bytes[index] ?? 0] ?? 0;
  return samples;
}

function mulawToLinear(byte: number): number {
  const code = ~byte & 0xff;
  const exponent = (code >> 4) & 7;
  const magnitude = ((((code & 0x0f) << 3) + 0x84) << exponent) - 0x84;
  return (code & 0x80) === 0 ? magnitude : -magnitude;
}

function alawToLinear(byte: number): number {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (code & 0x80) === 0 ? -magnitude : magnitude;
}

/** The nearest code word of each of the 65,536 samples, indexed by the sample's 16 bits. */
function encoderOf(codec: Codec): Uint8Array {
  const words = Array.from(DECODED[codec], (level, byte) => ({ level, byte }));
  // µ-law has two zeros; sorting puts the one that silence is (0xFF) last, where it wins.
  words.sort((a, b) => a.level - b.level || a.byte - b.byte);
  const table = new Uint8Array(65_536);
  let at = 0;
  for (let sample = -32_768; sample <= 32_767; sample++) {
    const distanceTo = (index: number) => Math.abs((words[index]?.level ?? Infinity) - sample);
    while (at + 1 < words.length && distanceTo(at + 1) <= distanceTo(at)) at++;
    table[sample & 0xffff] = words[at]?.byte ?? SILENCE[codec];
  }
  return table;
}
