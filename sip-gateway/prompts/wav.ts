import { decodeG711 } from '../media/g711.ts';

/** One channel of a recording. */
export interface Recording {
  /** Samples a second. */
  readonly rate: number;
  /** 16 bits. */
  readonly samples: Int16Array;
}

/** What is wrong with a WAV file, in words for the one who put it there. */
export class WavError extends Error {
  override readonly name = 'WavError';
}

const FORMATS = { pcm: 1, float: 3, alaw: 6, mulaw: 7, extensible: 0xfffe } as const;

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

/**
 * Reads a RIFF WAVE file of PCM (8, 16, 24 or 32 bits), of 32-bit floating point or of G.711; channels are mixed down
 * to one.
 * Throws a WavError for anything else.
 */
export function readWav(bytes: Uint8Array): Recording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE') {
    throw new WavError('it is not a WAV file');
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = tag(bytes, at);
    const start = at + 8;
    // Recorders that were killed leave sizes of 0xffffffff; what is there counts.
    const end = Math.min(start + view.getUint32(at + 4, true), bytes.length);
    if (name === 'fmt ') format = readFormat(view, start, end);
    if (name === 'data') {
      if (!format) throw new WavError('its data comes before its format');
      return { rate: format.rate, samples: mixDown(readSamples(bytes.subarray(start, end), format), format.channels) };
    }
    at = end + ((end - start) & 1);
  }
  throw new WavError('it has no data');
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function readFormat(view: DataView, start: number, end: number): Format {
  if (end - start < 16) throw new WavError('its format is cut short');
  const code = view.getUint16(start, true);
  // WAVE_FORMAT_EXTENSIBLE: the format is the first word of the GUID that follows.
  const extended = code === FORMATS.extensible && end - start >= 26;
  const format = {
    code: extended ? view.getUint16(start + 24, true) : code,
    channels: view.getUint16(start + 2, true),
    rate: view.getUint32(start + 4, true),
    bits: view.getUint16(start + 14, true),
  };
  if (format.channels < 1 || format.channels > 8) throw new WavError(`it has ${format.channels} channels`);
  return format;
}

function readSamples(data: Uint8Array, { code, bits }: Format): Int16Array {
  if (code === FORMATS.mulaw && bits === 8) return decodeG711(data, 'PCMU');
  if (code === FORMATS.alaw && bits === 8) return decodeG711(data, 'PCMA');
  if (code === FORMATS.pcm && bits === 8) return Int16Array.from(data, (byte) => (byte - 128) << 8);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = Math.floor(data.length / (bits / 8));
  if (code === FORMATS.float && bits === 32) {
    return Int16Array.from({ length: count }, (_, index) => toInt16(view.getFloat32(index * 4, true)));
  }
  if (code === FORMATS.pcm && (bits === 16 || bits === 24 || bits === 32)) {
    // Little-endian: the two highest bytes are the last.
    const size = bits / 8;
    return Int16Array.from({ length: count }, (_, index) => view.getInt16((index + 1) * size - 2, true));
  }
  throw new WavError(
    `its format (code ${code}, ${bits} bits) is none of PCM of 8 to 32 bits, 32-bit floating point and G.711`,
  );
}

/** Full scale is 1; what is no number is silence. */
function toInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round((sample || 0) * 32_768)));
}

function mixDown(samples: Int16Array, channels: number): Int16Array {
  if (channels === 1) return samples;
  return Int16Array.from({ length: Math.floor(samples.length / channels) }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += samples[frame * channels + channel] ?? 0;
    return Math.round(sum / channels);
  });
}
