import { type FitStart, fitTwoTones, type TwoToneFit } from './two-tone-fit.ts';

/** What arrived of a tone on both sides of a gap, up to 40 ms each; 8 kHz samples. */
export interface Pieces {
  readonly tail: Float64Array;
  /** How many samples lie between. */
  readonly missing: number;
  readonly head: Float64Array;
}

/** The first look takes 12 ms: short enough to lead from a nominal frequency to one 1.5 % off, long enough to tell rows. */
const FIRST_LOOK = 96;
const ITERATIONS = 4;
const LONGEST_PIECE = 320;
const NO_HOLES = new Uint8Array(LONGEST_PIECE);

/** What to look at first. Then, from short to long, each fit narrows down where the next would find more than one answer. */
export function middleOf(piece: Float64Array): Float64Array {
  const from = Math.max(0, (piece.length - FIRST_LOOK) >> 1);
  return piece.subarray(from, from + FIRST_LOOK);
}

/** Two waves in one piece. */
export function fitPiece(piece: Float64Array, start: FitStart): TwoToneFit {
  return refine(piece, NO_HOLES, start);
}

/** The same two waves in both pieces, in phase across the gap. */
export function fitAcross({ tail, missing, head }: Pieces, start: FitStart): TwoToneFit {
  const span = tail.length + missing + head.length;
  const samples = new Float64Array(span);
  samples.set(tail);
  samples.set(head, span - head.length);
  const holes = new Uint8Array(span).fill(1, tail.length, span - head.length);
  return refine(samples, holes, start);
}

/** To the end, and then what is explained at these frequencies themselves. */
function refine(samples: Float64Array, holes: Uint8Array, { low, high }: FitStart): TwoToneFit {
  const fit = fitTwoTones(samples, holes, { low, high, iterations: ITERATIONS });
  return fitTwoTones(samples, holes, { low: fit.low, high: fit.high, iterations: 1 });
}
