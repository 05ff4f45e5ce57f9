import type { Codec } from './media-engine.ts';
import { FRAME_SAMPLES } from './pacer.ts';

/** A frame of digital silence: zero in G.711 (ITU-T G.711, tables 1a and 2a). */
export const SILENCE: Readonly<Record<Codec, Uint8Array>> = {
  PCMU: Buffer.alloc(FRAME_SAMPLES, 0xff),
  PCMA: Buffer.alloc(FRAME_SAMPLES, 0xd5),
};
