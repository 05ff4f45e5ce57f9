import { SILENCE } from './g711.ts';
import type { Codec } from './media-engine.ts';
import { FRAME_MS, FRAME_SAMPLES } from './pacer.ts';

/** 20 ms of nothing, ready to be sent. */
export const SILENT_FRAME: Readonly<Record<Codec, Uint8Array>> = {
  PCMU: Buffer.alloc(FRAME_SAMPLES, SILENCE.PCMU),
  PCMA: Buffer.alloc(FRAME_SAMPLES, SILENCE.PCMA),
};

/** So many milliseconds of nothing, rounded up to whole frames. */
export function silentFrames(ms: number, codec: Codec): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(ms / FRAME_MS) }, () => SILENT_FRAME[codec]);
}
