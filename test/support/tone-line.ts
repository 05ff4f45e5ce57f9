import { decodeG711, encodeG711 } from '../../sip-gateway/media/g711.ts';
import type { Codec } from '../../sip-gateway/media/media-engine.ts';

/** What a telephone line does to key tones; every chance in it comes from the seed. */
export interface ToneLine {
  readonly seed: number;
  readonly presses: number;
  /** Milliseconds of tone, and the least of silence after it (up to 20 more, so that no two start alike in a packet). */
  readonly on?: number;
  readonly off?: number;
  /** dBm0 of the louder tone. */
  readonly level?: number;
  /** At most, either way, in dB. */
  readonly twist?: number;
  /** At most, either way, as a share of the frequency; `exactly` puts every tone at that edge. */
  readonly offFrequency?: number;
  readonly exactly?: boolean;
  /** dB of both tones over white noise. */
  readonly snr?: number;
  /** Share of the packets of 20 ms that are lost. */
  readonly loss?: number;
  readonly codec?: Codec;
}

interface Press {
  readonly key: string;
  /** Samples since the start. */
  readonly start: number;
  readonly end: number;
}

const LOW = [697, 770, 852, 941];
const HIGH = [1209, 1336, 1477, 1633];
const KEYS = ['123A', '456B', '789C', '*0#D'];
export const PACKET = 160;

export interface PlayedTones {
  readonly presses: readonly Press[];
  /** 20 ms each; `undefined` is a packet that was lost. */
  readonly packets: readonly (Int16Array | undefined)[];
}

/** Plays random presses of all sixteen keys over the line. */
export function playTones(line: ToneLine): PlayedTones {
  const { on = 40, off = 40, level = -10, twist = 0, offFrequency = 0, exactly = false } = line;
  const { snr = 40, loss = 0, codec = 'PCMU' } = line;
  const random = seeded(line.seed);
  const spread = (most: number): number => most * (exactly ? Math.sign(random() - 0.5) : random() * 2 - 1);
  const samples: number[] = [];
  const presses: Press[] = [];
  for (let i = 0; i < line.presses; i += 1) {
    const row = Math.floor(random() * 4);
    const column = Math.floor(random() * 4);
    const tilt = spread(twist);
    const lowLevel = amplitude(level + Math.min(tilt, 0));
    const highLevel = amplitude(level - Math.max(tilt, 0));
    const low = radians((LOW[row] ?? 0) * (1 + spread(offFrequency)));
    const high = radians((HIGH[column] ?? 0) * (1 + spread(offFrequency)));
    const [lowPhase, highPhase] = [random() * 7, random() * 7];
    const noise = Math.sqrt((lowLevel ** 2 + highLevel ** 2) / 2 / 10 ** (snr / 10));
    const start = samples.length;
    for (let n = 0; n < on * 8; n += 1) {
      const tones = lowLevel * Math.sin(low * n + lowPhase) + highLevel * Math.sin(high * n + highPhase);
      samples.push(tones + noise * gaussian(random));
    }
    presses.push({ key: KEYS[row]?.[column] ?? '', start, end: samples.length });
    const silence = off * 8 + Math.floor(random() * PACKET);
    for (let n = 0; n < silence; n += 1) samples.push(noise * gaussian(random));
  }
  const packets: (Int16Array | undefined)[] = [];
  for (let at = 0; at + PACKET <= samples.length; at += PACKET) {
    const sent = Int16Array.from(samples.slice(at, at + PACKET), (sample) => Math.round(sample));
    packets.push(random() < loss ? undefined : decodeG711(encodeG711(sent, codec), codec));
  }
  return { presses, packets };
}

/** A key as a good telephone sends it: both tones at -10 dBm0. */
export function toneOf(key: string, samples: number): Int16Array {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  const low = radians(LOW[row] ?? 0);
  const high = radians(HIGH[KEYS[row]?.indexOf(key) ?? 0] ?? 0);
  const level = amplitude(-10);
  return Int16Array.from({ length: samples }, (_, n) => level * (Math.sin(low * n) + Math.sin(high * n)));
}

/** Full scale of G.711 is a sine of +3.14 dBm0. */
function amplitude(dBm0: number): number {
  return 32_768 * 10 ** ((dBm0 - 3.14) / 20);
}

function radians(hertz: number): number {
  return (2 * Math.PI * hertz) / 8000;
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** mulberry32: small, and the same on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
