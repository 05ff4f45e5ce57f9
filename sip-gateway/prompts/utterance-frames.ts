import { SILENCE } from '../media/g711.ts';
import type { Codec } from '../media/media-engine.ts';
import type { Utterance } from './prompt-name.ts';
import { FRAME_BYTES, FRAME_MS, type PromptPack } from './prompt-pack.ts';

const SILENT_FRAMES: Readonly<Record<Codec, Uint8Array>> = {
  PCMU: new Uint8Array(FRAME_BYTES).fill(SILENCE.PCMU),
  PCMA: new Uint8Array(FRAME_BYTES).fill(SILENCE.PCMA),
};

/**
 * The frames of an utterance in the order they are sent, one for every 20 ms. Lazy: a pause is one frame given
 * out many times, a prompt's frames are the pack's own. Frames are shared by all calls and must not be written to.
 */
export function* utteranceFrames(pack: PromptPack, utterance: Utterance, codec: Codec): Generator<Uint8Array> {
  for (const part of utterance) {
    if (typeof part === 'string') yield* pack.frames(part, codec);
    else if ('frames' in part) yield* part.frames(codec);
    else for (let ms = 0; ms < part.pause; ms += FRAME_MS) yield SILENT_FRAMES[codec];
  }
}
