import type { HeardSound } from './heard-prompt.ts';
import type { RecordingRecogniser } from './recording-recogniser.ts';

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

/** The tolerant way, live: recognises in what was heard lately again and again. */
export class TolerantEar {
  readonly #recogniser: RecordingRecogniser;
  readonly #memory = new Int16Array(MEMORY);
  /** Time of the first sample in memory, in samples. */
  #origin: number;
  #length = 0;
  #unlooked = 0;
  /** A prompt that ends right before a look is only found by the next one. */
  #looksWorthwhile = 0;

  /** `time`: of the first sample, in samples. */
  constructor(recogniser: RecordingRecogniser, time: number) {
    this.#recogniser = recogniser;
    this.#origin = time;
  }

  hear(pcm: Int16Array, time: number): readonly HeardSound[] {
    this.#remember(pcm, time);
    this.#unlooked += pcm.length;
    if (pcm.some((sample) => Math.abs(sample) > SAYING)) this.#looksWorthwhile = 2;
    if (this.#unlooked < LOOK_EVERY || this.#looksWorthwhile === 0) return [];
    return this.#look(UNDER_WAY);
  }

  end(): readonly HeardSound[] {
    return this.#looksWorthwhile > 0 ? this.#look(-UNDER_WAY) : [];
  }

  /** What ends within the last `margin` samples is left for the next look: a longer prompt may be under way. */
  #look(margin: number): readonly HeardSound[] {
    this.#unlooked = 0;
    this.#looksWorthwhile -= 1;
    const found: HeardSound[] = [];
    const originMs = this.#origin / 8;
    let heardUntil = 0;
    for (const heard of this.#recogniser.recognise(this.#memory.subarray(0, this.#length))) {
      if (heard.endMs * 8 > this.#length - margin) break;
      heardUntil = Math.floor(heard.endMs * 8);
      found.push({ ...heard, startMs: originMs + heard.startMs, endMs: originMs + heard.endMs });
    }
    this.#forget(heardUntil - OVERLAP);
    return found;
  }

  #remember(pcm: Int16Array, time: number): void {
    const gap = Math.min(Math.max(0, time - this.#origin - this.#length), MEMORY);
    const excess = this.#length + gap + pcm.length - MEMORY;
    if (excess > 0) this.#forget(Math.max(excess, MEMORY / 4));
    if (this.#length + gap + pcm.length > MEMORY) {
      this.#origin = time;
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
