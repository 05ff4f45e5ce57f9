import type { Key } from '../scripts/call-script.ts';
import { goertzel } from './goertzel.ts';
import { fitAcross, fitPiece, middleOf, type Pieces } from './pieces-of-tone.ts';
import { EDGE, sideOfGap, type SideOfGap } from './side-of-gap.ts';
import { HIGH, keyOfTones, LOW } from './tone-pairs.ts';
import type { TwoToneFit } from './two-tone-fit.ts';

/** Lost audio, and what is known on both sides of it, up to 40 ms each; 8 kHz samples. */
export interface Gap {
  readonly before: Float64Array;
  /** How many samples are missing. */
  readonly missing: number;
  readonly after: Float64Array;
}

export interface PressBesideGap {
  readonly key: Key;
  /** Some of it was before the gap. */
  readonly began: boolean;
  /** It is still there at the end of what is known. */
  readonly goesOn: boolean;
}

/** The shortest press, and the shortest pause (ITU-T Q.24): 40 ms. */
const PRESS = 320;
const PAUSE = 320;
/** How much of a press may be neither there nor in the gap, for tones that rise slowly: 2 ms. */
const RISE = 16;
/** Of tone that must have arrived, together: 5 ms. */
const SHORTEST = 40;
/** So much, 19 ms, may be told by its waves alone where another gap hides where it begins or ends. */
const WITHOUT_EDGE = 150;
/** A piece below 4 ms only blurs the fit where the other is longer than 12 ms. */
const CRUMB = 32;
const ENOUGH = 100;
/** A tone that is quiet for less than this, 3 ms, at the end of what is known may have paused in a beat. */
const STILL_THERE = 24;
/** Of the four tones of a band, by their power: 12 ms blur a tone with its neighbour. */
const WORTH_A_FIT = 2;
/** The share of the energy that the two waves explain. White noise 15 dB below leaves 97 %, of 5 ms as of 40. */
const EXPLAINED = 0.9;

const NO_SAMPLES = new Float64Array();

/**
 * The press that a gap has cut, of which 5 ms are enough. So short a piece of a vowel can look like two tones; but the rest of
 * a press must fit: it is as long as a press, gap included, has its edges where they are not in the gap,
 * with the quiet of a pause beyond them, and the waves of its two pieces are in phase across the gap.
 */
export function pressBesideGap({ before, missing, after }: Gap): PressBesideGap | undefined {
  const [tail, head] = piecesOfOne(sideOfGap(before.toReversed()), sideOfGap(after));
  const arrived = tail.tone + head.tone;
  if (arrived < SHORTEST || arrived + missing < PRESS - RISE) return undefined;
  const power = (tail.tone * tail.power + head.tone * head.power) / arrived;
  const pause = Math.max(0, PAUSE - missing);
  const beside = [tail.tone === 0 ? before.subarray(Math.max(0, before.length - pause)) : NO_SAMPLES];
  if (head.tone === 0) beside.push(after.subarray(0, pause));
  if (beside.some((quiet) => meanSquare(quiet) * EDGE > power)) return undefined;
  if ((isEndless(tail) || isEndless(head)) && arrived < WITHOUT_EDGE) return undefined;

  const pieces = {
    tail: before.subarray(before.length - (isCrumb(tail, head) ? 0 : tail.tone)),
    head: after.subarray(0, isCrumb(head, tail) ? 0 : head.tone),
    missing,
  };
  const fit = fitPieces(pieces);
  const key = fit && fit.explained > EXPLAINED ? keyOfTones(fit) : undefined;
  return key === undefined
    ? undefined
    : { key, began: tail.tone > 0, goesOn: head.tone > 0 && head.quiet < STILL_THERE };
}

const NOTHING: SideOfGap = { tone: 0, power: 0, quiet: 0 };

/** Two pieces of one press are as loud as each other: beside a tone the far fainter side is quiet. */
function piecesOfOne(tail: SideOfGap, head: SideOfGap): readonly [SideOfGap, SideOfGap] {
  if (tail.tone === 0 || head.tone === 0) return [tail, head];
  if (tail.power * EDGE < head.power) return [NOTHING, head];
  return head.power * EDGE < tail.power ? [tail, NOTHING] : [tail, head];
}

function isEndless({ tone, quiet }: SideOfGap): boolean {
  return tone > 0 && quiet === 0;
}

function isCrumb(piece: SideOfGap, other: SideOfGap): boolean {
  return piece.tone < CRUMB && other.tone > ENOUGH;
}

function fitPieces(pieces: Pieces): TwoToneFit | undefined {
  const { tail, head } = pieces;
  const longer = tail.length >= head.length ? tail : head;
  const first = bestOfAllPairs(middleOf(longer));
  if (!first) return undefined;
  const fit = fitPiece(longer, first);
  return tail.length === 0 || head.length === 0 ? fit : fitAcross(pieces, fit);
}

function bestOfAllPairs(samples: Float64Array): TwoToneFit | undefined {
  let best: TwoToneFit | undefined;
  const highs = loudestOf(HIGH, samples);
  for (const low of loudestOf(LOW, samples)) {
    for (const high of highs) {
      const fit = fitPiece(samples, { low, high });
      if (isInBands(fit) && !(best && best.explained >= fit.explained)) best = fit;
    }
  }
  return best;
}

function loudestOf(band: readonly number[], samples: Float64Array): readonly number[] {
  const powers = new Map(band.map((frequency) => [frequency, goertzel(samples, frequency)]));
  return band.toSorted((a, b) => (powers.get(b) ?? 0) - (powers.get(a) ?? 0)).slice(0, WORTH_A_FIT);
}

/** Beyond these there is no key, and a fit that has run away. */
const MARGIN = 1.07;

function isInBands({ low, high }: TwoToneFit): boolean {
  return isBetween(low, LOW) && isBetween(high, HIGH);
}

function isBetween(frequency: number, band: readonly number[]): boolean {
  return frequency * MARGIN > (band[0] ?? 0) && frequency < (band.at(-1) ?? 0) * MARGIN;
}

function meanSquare(samples: Float64Array): number {
  return samples.length === 0 ? 0 : samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}
