import type { Codec } from '../media/media-engine.ts';
import { rollHash, WINDOW, type IndexedPrompt, type PromptIndex } from './prompt-index.ts';
import type { PlacedPacket } from './sample-stream.ts';

/** What became certain of a prompt. Times in samples since the first packet. */
export type Followed =
  | { readonly type: 'started'; readonly indexed: IndexedPrompt; readonly start: number }
  | {
      readonly type: 'ended';
      readonly indexed: IndexedPrompt;
      readonly start: number;
      readonly end: number;
      readonly complete: boolean;
    };

/** A prompt that may be under way: its beginning is known to the sample. Positions in samples that were sent. */
interface Candidate {
  readonly indexed: IndexedPrompt;
  readonly start: number;
  /** Silence before it: what to add to a position for its time. */
  readonly silence: number;
  readonly heard: Set<number>;
  firstHeard: number;
  lastEnd: number;
  /** Nothing was sent for a moment, and nothing of the prompt has come since. */
  isStalled: boolean;
  isAnnounced: boolean;
}

/** Windows that must have matched before a prompt is believed: 60 ms, or half of a very short sound. */
const CONVINCING = 6;
/** This many voiced windows in a row that did not come (and were not lost) mean that the prompt was cut off. */
const CUT_OFF = 10;
/** After a moment in which nothing was sent, a sender that only stalled goes on where it was. */
const CUT_OFF_AFTER_STALL = 2;
/** Of the windows that the network did not lose, this share may differ (a gateway's own transcoder) in a complete prompt. */
const TOLERATED_DIFFERENCE = 0.02;
/** A prompt of which more was lost than this was not heard completely. */
const TOLERATED_LOSS = 0.35;

/** Follows prompts through received G.711 samples, bit for bit. */
export class ExactEar {
  readonly #index: PromptIndex;
  readonly #ring = new Uint8Array(2 * WINDOW);
  #filled = 0;
  #ringEnd = 0;
  #hash = 0;
  #position = 0;
  #silence = 0;
  #candidates: Candidate[] = [];
  #losses: { from: number; to: number }[] = [];

  constructor(index: PromptIndex) {
    this.#index = index;
  }

  /** Whether a prompt is being followed now. */
  get isFollowing(): boolean {
    return this.#candidates.some((candidate) => isConvincing(candidate));
  }

  hear(payload: Uint8Array, codec: Codec, placed: PlacedPacket): readonly Followed[] {
    if (placed.lost > 0) this.#restart();
    if (placed.unsent > 0) for (const candidate of this.#candidates) candidate.isStalled = true;
    this.#silence = placed.time - placed.position;
    const lostFrom = placed.position - placed.lost;
    if (placed.lost > 0) this.#losses.push({ from: lostFrom, to: placed.position });
    this.#position = placed.position;
    for (const byte of payload) this.#takeSample(byte, codec);
    return this.#conclude();
  }

  /** The stream is over. */
  end(): readonly Followed[] {
    this.#position = Number.POSITIVE_INFINITY;
    return this.#conclude();
  }

  #restart(): void {
    this.#filled = 0;
    this.#hash = 0;
    this.#ring.fill(0);
  }

  #takeSample(byte: number, codec: Codec): void {
    const oldest = (this.#ringEnd + WINDOW) % this.#ring.length;
    // Until the window is full there is nothing to take out of the hash: -1 counts as nothing.
    const outgoing = this.#filled < WINDOW ? -1 : (this.#ring[oldest] ?? 0);
    this.#hash = rollHash(this.#hash, byte, outgoing);
    this.#ring[this.#ringEnd] = byte;
    this.#ringEnd = (this.#ringEnd + 1) % this.#ring.length;
    this.#filled += 1;
    this.#position += 1;
    if (this.#filled < WINDOW) return;
    for (const hit of this.#index.find(codec, this.#hash, this.#matches)) {
      this.#follow(hit.indexed, hit.offset);
    }
  }

  readonly #matches = (bytes: Uint8Array, from: number): boolean => {
    const first = this.#ringEnd + this.#ring.length - WINDOW;
    for (let i = 0; i < WINDOW; i += 1) {
      if (bytes[from + i] !== this.#ring[(first + i) % this.#ring.length]) return false;
    }
    return true;
  };

  #follow(indexed: IndexedPrompt, offset: number): void {
    const start = this.#position - WINDOW - offset;
    let candidate = this.#candidates.find((known) => known.indexed === indexed && known.start === start);
    if (!candidate) {
      candidate = {
        indexed,
        start,
        silence: this.#silence,
        heard: new Set(),
        firstHeard: this.#position - WINDOW,
        lastEnd: this.#position,
        isStalled: false,
        isAnnounced: false,
      };
      this.#candidates.push(candidate);
    }
    candidate.heard.add(offset);
    candidate.lastEnd = this.#position;
    candidate.isStalled = false;
  }

  #conclude(): readonly Followed[] {
    const followed: Followed[] = [];
    for (const candidate of this.#candidates) {
      if (!this.#candidates.includes(candidate)) continue; // a shadow of one that ended just now
      const rival = this.#candidates.find((other) => other !== candidate && isBetter(other, candidate));
      const isOver = this.#isOver(candidate);
      if (rival && isConvincing(rival)) {
        if (isOver || !isStillPossible(candidate, this.#position)) this.#drop(candidate);
        continue;
      }
      if (isConvincing(candidate) && (isOver || !this.#hasEqual(candidate))) followed.push(...announce(candidate));
      if (!isOver) continue;
      this.#drop(candidate);
      if (!isConvincing(candidate)) continue;
      followed.push(this.#endOf(candidate));
      this.#dropShadowsOf(candidate);
    }
    this.#forgetOldLosses();
    return followed;
  }

  #isOver({ indexed, start, lastEnd, isStalled }: Candidate): boolean {
    if (this.#position >= start + indexed.length) return true;
    let missing = 0;
    for (const offset of indexed.offsets) {
      const from = start + offset;
      if (from < lastEnd) continue;
      if (from + WINDOW > this.#position) break;
      if (!this.#wasLost(from, from + WINDOW)) missing += 1;
    }
    return missing >= (isStalled ? CUT_OFF_AFTER_STALL : CUT_OFF);
  }

  #endOf(candidate: Candidate): Followed {
    const { indexed, start, silence, heard, lastEnd } = candidate;
    let lost = 0;
    for (const offset of indexed.offsets) {
      if (!heard.has(offset) && this.#wasLost(start + offset, start + offset + WINDOW)) lost += 1;
    }
    const { length } = indexed.offsets;
    const missing = length - heard.size - lost;
    const complete = missing <= length * TOLERATED_DIFFERENCE && lost <= length * TOLERATED_LOSS;
    const end = (complete ? start + indexed.length : lastEnd) + Math.max(silence, this.#silence);
    return { type: 'ended', indexed, start: timeOf(candidate), end, complete };
  }

  #wasLost(from: number, to: number): boolean {
    return this.#losses.some((loss) => loss.from < to && from < loss.to);
  }

  #hasEqual(candidate: Candidate): boolean {
    return this.#candidates.some(
      (other) => other !== candidate && other.heard.size === candidate.heard.size && overlaps(other, candidate),
    );
  }

  #drop(candidate: Candidate): void {
    this.#candidates = this.#candidates.filter((other) => other !== candidate);
  }

  /** A sound that is also found inside the prompt that was heard (the same word in another phrase) was not played. */
  #dropShadowsOf(winner: Candidate): void {
    this.#candidates = this.#candidates.filter((other) => !overlaps(other, winner) || !isBetter(winner, other));
  }

  #forgetOldLosses(): void {
    const oldest = Math.min(this.#position, ...this.#candidates.map(({ start }) => start));
    if (this.#losses[0] && this.#losses[0].to < oldest) {
      this.#losses = this.#losses.filter(({ to }) => to >= oldest);
    }
  }
}

function isConvincing({ heard, indexed }: Candidate): boolean {
  return heard.size >= Math.min(CONVINCING, Math.ceil(indexed.offsets.length / 2));
}

function isBetter(one: Candidate, other: Candidate): boolean {
  return one.heard.size > other.heard.size && overlaps(one, other);
}

function overlaps(one: Candidate, other: Candidate): boolean {
  return one.firstHeard < other.lastEnd && other.firstHeard < one.lastEnd;
}

function announce(candidate: Candidate): readonly Followed[] {
  if (candidate.isAnnounced) return [];
  candidate.isAnnounced = true;
  return [{ type: 'started', indexed: candidate.indexed, start: timeOf(candidate) }];
}

function timeOf({ start, silence }: Candidate): number {
  return Math.max(0, start + silence);
}

function isStillPossible({ start, indexed }: Candidate, position: number): boolean {
  return start + indexed.length > position;
}
