import { encodeG711 } from '../media/g711.ts';
import type { Codec } from '../media/media-engine.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../media/pacer.ts';
import type { Key } from '../scripts/call-script.ts';

const SAMPLE_RATE = 8000;
/** ITU-T Q.23. */
const KEYS = ['123A', '456B', '789C', '*0#D'];
const LOW = [697, 770, 852, 941];
const HIGH = [1209, 1336, 1477, 1633];
/** Each tone at -9 dBm0 (full scale of G.711 is +3.14 dBm0), as telephones send it (ETSI ES 201 235-2). */
const LEVEL = 32_768 * 10 ** ((-9 - 3.14) / 20);

/** The tone of a key, as frames ready to be sent; empty for what is not a key. */
export function toneFrames(key: Key, ms: number, codec: Codec): readonly Uint8Array[] {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  const low = LOW[row];
  const high = HIGH[KEYS[row]?.indexOf(key) ?? -1];
  if (low === undefined || high === undefined) return [];
  return Array.from({ length: Math.ceil(ms / FRAME_MS) }, (_, frame) => {
    const first = frame * FRAME_SAMPLES;
    const samples = Int16Array.from({ length: FRAME_SAMPLES }, (__, n) => wave(low, first + n) + wave(high, first + n));
    return encodeG711(samples, codec);
  });
}

function wave(hertz: number, n: number): number {
  return LEVEL * Math.sin((2 * Math.PI * hertz * n) / SAMPLE_RATE);
}
