import { encodeG711 } from '../media/g711.ts';
import type { Codec } from '../media/media-engine.ts';
import type { PromptName, Utterance } from './prompt-name.ts';

/** A frame is 20 ms at 8 kHz, one byte a sample. */
export const FRAME_MS = 20;
export const FRAME_BYTES = 160;

/** The recorded words of one language, as frames that go on the wire as they are. */
export interface PromptPack {
  /** BCP 47 tag, such as `en` or `zh`. */
  readonly locale: string;
  /** 160 bytes each; shared by all calls, not to be written to. */
  frames(name: PromptName, codec: Codec): readonly Uint8Array[];
  /** How long it takes to say, in milliseconds. */
  duration(utterance: Utterance): number;
}

/** A recording of 8 kHz as it is kept: its samples are made when they are needed. */
export interface Kept {
  /** How many samples it has. */
  readonly length: number;
  samples(): Int16Array;
}

/**
 * `recordings`: of every prompt. Frames are cut when a call needs them for the first time, which takes less than a
 * millisecond: most languages and one of the two laws are never used, and would take most of the memory.
 */
export function createPromptPack(locale: string, recordings: ReadonlyMap<PromptName, Kept>): PromptPack {
  const cutAlready: Readonly<Record<Codec, Map<PromptName, readonly Uint8Array[]>>> = {
    PCMU: new Map(),
    PCMA: new Map(),
  };
  return {
    locale,
    frames: (name, codec) => {
      const known = cutAlready[codec].get(name);
      if (known) return known;
      const frames = framesOfSamples(recordings.get(name)?.samples() ?? new Int16Array(), codec);
      cutAlready[codec].set(name, frames);
      return frames;
    },
    duration: (utterance) =>
      utterance.reduce((ms, part) => {
        if (typeof part === 'string') {
          return ms + FRAME_MS * Math.ceil((recordings.get(part)?.length ?? 0) / FRAME_BYTES);
        }
        if ('frames' in part) return ms + FRAME_MS * part.frames('PCMU').length;
        return ms + FRAME_MS * Math.ceil(part.pause / FRAME_MS);
      }, 0),
  };
}

/** 8 kHz samples, ready to be sent; the last frame is filled up with silence. */
export function framesOfSamples(samples: Int16Array, codec: Codec): readonly Uint8Array[] {
  const count = Math.ceil(samples.length / FRAME_BYTES);
  const whole = new Int16Array(count * FRAME_BYTES);
  whole.set(samples);
  const bytes = encodeG711(whole, codec);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES));
}
