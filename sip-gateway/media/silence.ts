import { SILENCE } from './g711.ts';
import type { Codec } from './media-engine.ts';
import { FRAME_SAMPLES } from './pacer.ts';

/** 20 ms of nothing, ready to be sent. */
export const SILENT_FRAME: Readonly<Record<Codec, Uint8Array>> = {
  PCMU: Buffer.alloc(FRAME_SAMPLES, SILENCE.PCMU),
  PCMA: Buffer.alloc(FRAME_SAMPLES, SILENCE.PCMA),
};
