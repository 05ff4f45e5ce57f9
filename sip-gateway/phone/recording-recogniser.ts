import { decodeG711 } from '../media/g711.ts';
import { isPhrase, type PromptName } from '../prompts/prompt-name.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';
import { bestLag, envelopeOf, HOP, likenesses, withoutHighs, type Envelope } from './correlation.ts';
import type { HeardSound } from './heard-prompt.ts';
import { soundsOf } from './prompt-sound.ts';

interface Pattern {
  readonly prompt: PromptName;
  readonly locales: readonly string[];
  readonly sound: Float64Array;
  readonly envelope: Envelope;
  /** Beginnings of the pieces that carry sound. */
  readonly pieces: readonly number[];
}

interface Match {
  readonly pattern: Pattern;
  /** In samples. */
  readonly start: number;
  readonly score: number;
  /** Share of the pieces that fit. */
  readonly fit: number;
}

/** The envelope only chooses where to look closer, so it lets much pass. */
const WORTH_A_LOOK = 0.6;
/** Pieces of the waveform are compared one by one: a jitter buffer stretches speech by a few ms here and there. */
const PIECE = 400;
const PIECE_FITS = 0.7;
/** A prompt whose pieces fit less than this is another prompt: synthetic voices share many sounds. */
const PROMPT_FITS = 0.75;
const PROMPT_COMPLETE = 0.9;
/** A prompt may begin with a hiss, which fits badly, so the first misfits do not settle it. */
const ALLOWED_FIRST = 2;
/** 25 ms: the envelope is this exact, with what a jitter buffer may add in a long prompt. */
const FIRST_LAG = 200;
/** Silence before and after a recording, so that a prompt at its very edge is found whole. */
const MARGIN = 2_000;
/** 3 ms between pieces; a jitter buffer that cut a whole pitch period is looked for when this brings nothing. */
const NEXT_LAG = 24;

/** Recognises prompts in a recording that was resampled, re-timed, made louder or noisier on its way. */
export class RecordingRecogniser {
  readonly #patterns: readonly Pattern[];

  constructor(packs: readonly PromptPack[]) {
    // A word or a letter alone is too short to be told from a piece of a sentence once the sound has changed.
    const sentences = soundsOf(packs).filter(({ prompt }) => isPhrase(prompt));
    this.#patterns = sentences.map(({ prompt, locales, pcmu }) => {
      const sound = withoutHighs(decodeG711(pcmu, 'PCMU'));
      return { prompt, locales, sound, envelope: envelopeOf(sound), pieces: voicedPieces(sound) };
    });
  }

  /** The prompts in order of their beginning; none overlaps another. */
  recognise(recording: Int16Array): readonly HeardSound[] {
    const padded = new Int16Array(recording.length + 2 * MARGIN);
    padded.set(recording, MARGIN);
    const signal = withoutHighs(padded);
    const envelope = envelopeOf(signal);
    const matches: Match[] = [];
    for (const pattern of this.#patterns) {
      for (const place of placesWorthALook(pattern.envelope, envelope)) {
        const match = fitAt(pattern, signal, place * HOP);
        if (match) matches.push(match);
      }
    }
    return withoutOverlaps(matches)
      .map(({ pattern, start, fit }) => ({
        prompt: pattern.prompt,
        locales: pattern.locales,
        startMs: (start - MARGIN) / 8,
        endMs: (start - MARGIN + pattern.sound.length) / 8,
        complete: fit >= PROMPT_COMPLETE,
      }))
      .toSorted((one, other) => one.startMs - other.startMs);
  }
}

/** The local peaks of the envelopes' likeness, in envelope points. */
function placesWorthALook(pattern: Envelope, recording: Envelope): number[] {
  const high = likenesses(pattern.high, recording.high);
  const alike = likenesses(pattern.all, recording.all).map((value, point) => (value + (high[point] ?? 0)) / 2);
  const places: number[] = [];
  alike.forEach((here, point) => {
    if (here >= WORTH_A_LOOK && here >= (alike[point - 1] ?? 0) && here >= (alike[point + 1] ?? 0)) places.push(point);
  });
  return places;
}

/** Undefined where it is clear that the pattern does not fit. */
function fitAt(pattern: Pattern, signal: Float64Array, start: number): Match | undefined {
  const count = pattern.pieces.length;
  let lag: number | undefined;
  let firstLag = start;
  let misfits = 0;
  let total = 0;
  for (const [index, from] of pattern.pieces.entries()) {
    const placement = { pattern: pattern.sound, signal, from, length: PIECE };
    let best = lag === undefined ? undefined : bestLag(placement, lag - NEXT_LAG, lag + NEXT_LAG);
    if (!best || best.score < PIECE_FITS) best = bestLag(placement, start - FIRST_LAG, start + FIRST_LAG);
    if (best.score < PIECE_FITS) {
      misfits += 1;
      if (misfits > ALLOWED_FIRST + (index + 1) * (1 - PROMPT_FITS)) return undefined;
    } else {
      if (lag === undefined) firstLag = best.lag;
      lag = best.lag;
    }
    total += best.score;
  }
  const fit = 1 - misfits / count;
  return fit < PROMPT_FITS ? undefined : { pattern, start: firstLag, score: total / count, fit };
}

/** Of matches that lie over one another the longer and better one was played. */
function withoutOverlaps(matches: readonly Match[]): readonly Match[] {
  const kept: Match[] = [];
  for (const match of matches.toSorted((one, other) => weightOf(other) - weightOf(one))) {
    if (!kept.some((other) => overlaps(match, other))) kept.push(match);
  }
  return kept;
}

function weightOf({ pattern, score }: Match): number {
  return score ** 4 * pattern.pieces.length;
}

function overlaps(one: Match, other: Match): boolean {
  const extentOf = ({ pattern, start }: Match) => ({
    from: start + (pattern.pieces[0] ?? 0),
    to: start + (pattern.pieces.at(-1) ?? 0) + PIECE,
  });
  const a = extentOf(one);
  const b = extentOf(other);
  const common = Math.min(a.to, b.to) - Math.max(a.from, b.from);
  // Neighbours may touch: what the ear calls the end of one is within a piece of the beginning of the next.
  return common > PIECE;
}

/** Pieces that are not more than 20 dB below the loudest; silence fits everything. */
function voicedPieces(pcm: Float64Array): number[] {
  const loudness: { from: number; energy: number }[] = [];
  for (let from = 0; from + PIECE <= pcm.length; from += PIECE / 2) {
    let energy = 0;
    for (let i = from; i < from + PIECE; i += 1) energy += (pcm[i] ?? 0) ** 2;
    loudness.push({ from, energy });
  }
  const loudest = Math.max(0, ...loudness.map(({ energy }) => energy));
  return loudness.filter(({ energy }) => energy > 0 && energy >= loudest / 100).map(({ from }) => from);
}
