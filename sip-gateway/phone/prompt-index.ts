import { decodeG711, encodeG711 } from '../media/g711.ts';
import type { Codec } from '../media/media-engine.ts';
import type { PromptName } from '../prompts/prompt-name.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';
import { soundsOf } from './prompt-sound.ts';

/** Samples that are compared at once: 10 ms, half a packet, so that a neighbour of a lost packet still counts. */
export const WINDOW = 80;

/** One recording, whichever law it came in. */
export interface IndexedPrompt {
  readonly prompt: PromptName;
  /** The languages that have it. */
  readonly locales: readonly string[];
  /** In samples. */
  readonly length: number;
  /** Offsets of the windows that are worth listening for, ascending; the silent ones say nothing. */
  readonly offsets: readonly number[];
}

export interface WindowHit {
  readonly indexed: IndexedPrompt;
  /** Where in the prompt the window lies, in samples. */
  readonly offset: number;
}

interface Entry extends WindowHit {
  readonly bytes: Uint8Array;
}

/**
 * Finds any 10 ms of a prompt again, bit for bit, at whatever alignment: a rolling hash (Karp and Rabin, 1987)
 * over the received samples is looked up among the windows of all prompts.
 */
export class PromptIndex {
  readonly #entries: Readonly<Record<Codec, Map<number, Entry[]>>> = { PCMU: new Map(), PCMA: new Map() };

  constructor(packs: readonly PromptPack[]) {
    for (const { prompt, locales, pcmu, pcma } of soundsOf(packs)) {
      const indexed = { prompt, locales, length: pcmu.length, offsets: voicedOffsets(pcmu) };
      // A gateway that transcodes makes other bytes of a sample than an encoder that knew the original.
      this.#add('PCMU', indexed, [pcmu, encodeG711(decodeG711(pcma, 'PCMA'), 'PCMU')]);
      this.#add('PCMA', indexed, [pcma, encodeG711(decodeG711(pcmu, 'PCMU'), 'PCMA')]);
    }
  }

  /** The windows whose bytes are the ones received; `matches` compares, since different windows may share a hash. */
  find(codec: Codec, hash: number, matches: (bytes: Uint8Array, from: number) => boolean): readonly WindowHit[] {
    const entries = this.#entries[codec].get(hash);
    if (!entries) return [];
    return entries.filter((entry) => matches(entry.bytes, entry.offset));
  }

  #add(codec: Codec, indexed: IndexedPrompt, variants: readonly Uint8Array[]): void {
    const map = this.#entries[codec];
    for (const bytes of variants) {
      for (const offset of indexed.offsets) {
        const hash = hashOf(bytes.subarray(offset, offset + WINDOW));
        const entries = map.get(hash);
        const entry = { indexed, offset, bytes };
        if (entries) entries.push(entry);
        else map.set(hash, [entry]);
      }
    }
  }
}

const BASE = 0x01000193;
const BASE_TO_WINDOW = powerOf(BASE, WINDOW);

function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent; i += 1) power = Math.imul(power, base);
  return power;
}

function hashOf(bytes: Uint8Array): number {
  let hash = 0;
  for (const byte of bytes) hash = (Math.imul(hash, BASE) + byte + 1) | 0;
  return hash;
}

/** The hash of the window that ends with `incoming`, from that of the window before. */
export function rollHash(hash: number, incoming: number, outgoing: number): number {
  return (Math.imul(hash, BASE) + incoming + 1 - Math.imul(outgoing + 1, BASE_TO_WINDOW)) | 0;
}

function voicedOffsets(pcmu: Uint8Array): number[] {
  const offsets: number[] = [];
  for (let offset = 0; offset + WINDOW <= pcmu.length; offset += WINDOW) {
    if (isVoiced(pcmu.subarray(offset, offset + WINDOW))) offsets.push(offset);
  }
  return offsets;
}

/** µ-law bits below the sign are, inverted, a logarithmic loudness (ITU-T G.711 table 2). 20 is about -45 dBFS. */
const VOICED_LOUDNESS = 20;
/** Tones and hums repeat; ten milliseconds of speech do not. */
const VOICED_VARIETY = 12;

function isVoiced(pcmu: Uint8Array): boolean {
  let loudness = 0;
  for (const byte of pcmu) loudness += ~byte & 0x7f;
  return loudness / pcmu.length >= VOICED_LOUDNESS && new Set(pcmu).size >= VOICED_VARIETY;
}
