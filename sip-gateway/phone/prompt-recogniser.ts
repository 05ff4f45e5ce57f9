import { decodeG711 } from '../media/g711.ts';
import type { Codec } from '../media/media-engine.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';
import { ExactEar, type Followed } from './exact-ear.ts';
import type { HeardPrompt } from './heard-prompt.ts';
import { PromptIndex } from './prompt-index.ts';
import { RecordingRecogniser } from './recording-recogniser.ts';
import { SampleStream, type AudioPacket } from './sample-stream.ts';

/** Times in milliseconds since the first packet. */
export type PromptEvent =
  | {
      readonly type: 'started';
      readonly prompt: HeardPrompt['prompt'];
      readonly locale: string;
      readonly startMs: number;
    }
  | ({ readonly type: 'ended' } & HeardPrompt);

/** Hears which prompts of our packs are played in one received stream, and when. */
export interface PromptRecogniser {
  /** Takes one packet, says what has become certain with it. */
  packet(packet: AudioPacket, codec: Codec): readonly PromptEvent[];
  /** The call is over; the prompt that was being played, if any, ends here. */
  end(): readonly PromptEvent[];
}

/** How often the tolerant way has a try while the exact one recognises nothing, in samples. */
const LOOK_EVERY = 8_000;
/** What ended so lately may be the beginning of a longer prompt, in samples. */
const UNDER_WAY = 2_400;
/** A prompt may begin this much before the silence of the one before is over, in samples. */
const OVERLAP = 800;
/** What the tolerant way looks back on: longer than any prompt. */
const MEMORY = 12 * 8_000;
/** The loudness, as a linear sample value, from which on something is being said. */
const SAYING = 300;

/**
 * Our own prompts travel as ready G.711 frames, so they are found again bit for bit, also when packets were lost
 * or transcoded from one law to the other. Where a gateway changed the sound (resampled it, made it
 * louder) and nothing is found that way, the waveforms are compared instead, at some delay.
 */
export function createPromptRecogniser({ packs }: { readonly packs: readonly PromptPack[] }): PromptRecogniser {
  const exact = new ExactEar(indexOf(packs));
  const stream = new SampleStream();
  let tolerant: TolerantEar | undefined;
  let hasHeardExactly = false;

  function report(followed: readonly Followed[]): PromptEvent[] {
    if (followed.length > 0) hasHeardExactly = true;
    return followed.map(eventOf);
  }

  return {
    packet(packet, codec) {
      const placed = stream.place(packet);
      if (!placed) return [];
      const events = report(exact.hear(packet.payload, codec, placed));
      if (hasHeardExactly || exact.isFollowing) {
        tolerant = undefined;
        return events;
      }
      tolerant ??= new TolerantEar(packs, placed.time);
      return tolerant.hear(decodeG711(packet.payload, codec), placed.time);
    },
    end() {
      const events = report(exact.end());
      return tolerant && events.length === 0 ? tolerant.end() : events;
    },
  };
}

/** The prompts in a whole recording (linear, 8 kHz), however it travelled, in order of their beginning. */
export function recognise(pcm8k: Int16Array, packs: readonly PromptPack[]): readonly HeardPrompt[] {
  return recordingRecogniserOf(packs).recognise(pcm8k);
}

/** The tolerant way, live: recognises in what was heard lately again and again. */
class TolerantEar {
  readonly #recogniser: RecordingRecogniser;
  readonly #memory = new Int16Array(MEMORY);
  /** Position of the first sample in memory. */
  #origin: number;
  #length = 0;
  #unlooked = 0;
  /** A prompt that ends right before a look is only found by the next one. */
  #looksWorthwhile = 0;

  constructor(packs: readonly PromptPack[], position: number) {
    this.#recogniser = recordingRecogniserOf(packs);
    this.#origin = position;
  }

  hear(pcm: Int16Array, position: number): readonly PromptEvent[] {
    this.#remember(pcm, position);
    this.#unlooked += pcm.length;
    if (pcm.some((sample) => Math.abs(sample) > SAYING)) this.#looksWorthwhile = 2;
    if (this.#unlooked < LOOK_EVERY || this.#looksWorthwhile === 0) return [];
    return this.#look(UNDER_WAY);
  }

  end(): readonly PromptEvent[] {
    return this.#looksWorthwhile > 0 ? this.#look(-UNDER_WAY) : [];
  }

  /** What ends within the last `margin` samples is left for the next look: a longer prompt may be under way. */
  #look(margin: number): readonly PromptEvent[] {
    this.#unlooked = 0;
    this.#looksWorthwhile -= 1;
    const events: PromptEvent[] = [];
    const originMs = this.#origin / 8;
    let heardUntil = 0;
    for (const heard of this.#recogniser.recognise(this.#memory.subarray(0, this.#length))) {
      if (heard.endMs * 8 > this.#length - margin) break;
      heardUntil = Math.floor(heard.endMs * 8);
      const { prompt, locale, complete } = heard;
      const startMs = originMs + heard.startMs;
      const endMs = originMs + heard.endMs;
      events.push({ type: 'started', prompt, locale, startMs });
      events.push({ type: 'ended', prompt, locale, startMs, endMs, complete });
    }
    this.#forget(heardUntil - OVERLAP);
    return events;
  }

  #remember(pcm: Int16Array, position: number): void {
    const gap = Math.min(Math.max(0, position - this.#origin - this.#length), MEMORY);
    const excess = this.#length + gap + pcm.length - MEMORY;
    if (excess > 0) this.#forget(Math.max(excess, MEMORY / 4));
    if (this.#length + gap + pcm.length > MEMORY) {
      this.#origin = position;
      this.#length = 0;
    } else {
      this.#memory.fill(0, this.#length, this.#length + gap);
      this.#length += gap;
    }
    this.#memory.set(pcm, this.#length);
    this.#length += pcm.length;
  }

  /** The oldest samples go. */
  #forget(samples: number): void {
    const dropped = Math.min(this.#length, Math.max(0, samples));
    this.#memory.copyWithin(0, dropped, this.#length);
    this.#origin += dropped;
    this.#length -= dropped;
  }
}

function eventOf(followed: Followed): PromptEvent {
  const { prompt, locale } = followed.indexed;
  const startMs = followed.start / 8;
  if (followed.type === 'started') return { type: 'started', prompt, locale, startMs };
  return { type: 'ended', prompt, locale, startMs, endMs: followed.end / 8, complete: followed.complete };
}

/** Packs do not change and their index takes some 50 ms to make, so it is made once for each list of packs. */
const indexes = new WeakMap<readonly PromptPack[], PromptIndex>();
const recordingRecognisers = new WeakMap<readonly PromptPack[], RecordingRecogniser>();

function indexOf(packs: readonly PromptPack[]): PromptIndex {
  const known = indexes.get(packs);
  if (known) return known;
  const index = new PromptIndex(packs);
  indexes.set(packs, index);
  return index;
}

function recordingRecogniserOf(packs: readonly PromptPack[]): RecordingRecogniser {
  const known = recordingRecognisers.get(packs);
  if (known) return known;
  const recogniser = new RecordingRecogniser(packs);
  recordingRecognisers.set(packs, recogniser);
  return recogniser;
}
