import { encodeG711 } from '../media/g711.ts';
import type { Codec } from '../media/media-engine.ts';
import { PROMPT_NAMES, type PromptName, type Utterance } from './prompt-name.ts';

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

/** `recordings`: 8 kHz samples of every prompt. */
export function createPromptPack(locale: string, recordings: ReadonlyMap<PromptName, Int16Array>): PromptPack {
  const frames: Readonly<Record<Codec, ReadonlyMap<PromptName, readonly Uint8Array[]>>> = {
    PCMU: framesOf(recordings, 'PCMU'),
    PCMA: framesOf(recordings, 'PCMA'),
  };
  const framesOfPrompt = (name: PromptName, codec: Codec) => frames[codec].get(name) ?? [];
  return {
    locale,
    frames: framesOfPrompt,
    duration: (utterance) =>
      utterance.reduce((ms, part) => {
        if (typeof part === 'string') return ms + FRAME_MS * framesOfPrompt(part, 'PCMU').length;
        if ('frames' in part) return ms + FRAME_MS * part.frames('PCMU').length;
        return ms + FRAME_MS * Math.ceil(part.pause / FRAME_MS);
      }, 0),
  };
}

function framesOf(recordings: ReadonlyMap<PromptName, Int16Array>, codec: Codec) {
  return new Map(PROMPT_NAMES.map((name) => [name, framesOfSamples(recordings.get(name) ?? new Int16Array(), codec)]));
}

/** 8 kHz samples, ready to be sent; the last frame is filled up with silence. */
export function framesOfSamples(samples: Int16Array, codec: Codec): readonly Uint8Array[] {
  const count = Math.ceil(samples.length / FRAME_BYTES);
  const whole = new Int16Array(count * FRAME_BYTES);
  whole.set(samples);
  const bytes = encodeG711(whole, codec);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES));
}
