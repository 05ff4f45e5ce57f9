export interface WavOptions {
  readonly code?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly bits?: number;
  /** WAVE_FORMAT_EXTENSIBLE, with `code` as its sub-format. */
  readonly extensible?: boolean;
  /** Put between the format and the data. */
  readonly extraChunk?: Uint8Array;
}

/** A WAV file: 16-bit PCM, 8 kHz, one channel unless told otherwise. */
export function aWav(data: Uint8Array, options: WavOptions = {}): Uint8Array {
  const { code = 1, channels = 1, rate = 8000, bits = 16, extensible = false, extraChunk } = options;
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE((rate * channels * bits) / 8, 8);
  format.writeUInt16LE((channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(code, 24);
  const chunks = [chunk('fmt ', format), ...(extraChunk ? [chunk('LIST', extraChunk)] : []), chunk('data', data)];
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), size, body]);
}

/** 16-bit little-endian bytes of samples. */
export function pcm(samples: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, index) => bytes.writeInt16LE(sample, index * 2));
  return bytes;
}

function chunk(name: string, data: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(name), size, data, Buffer.alloc(data.length & 1)]);
}
