import type { Key } from '../scripts/call-script.ts';
import { fitAcross, fitPiece, middleOf } from './pieces-of-tone.ts';
import type { Gap } from './press-beside-gap.ts';
import { sideOfGap } from './side-of-gap.ts';
import { tonesOf } from './tone-pairs.ts';
import type { FitStart, TwoToneFit } from './two-tone-fit.ts';

/** Of tone on each side, 10 ms: below, the frequencies are not known well enough to follow the waves across a gap. */
const LEAST = 80;
/**
 * A share of the energy that never fits, 30 dB down: what lines do to a tone that goes on (levels that drift by a few
 * hundredths, codecs on the way) is not taken for a second press.
 */
const BLUR = 0.001;
/** Twice the logarithm of the likelihood ratio, with six unknowns between the two: 22 is passed by chance once in 1000. */
const TOO_UNLIKELY = 40;

/**
 * Whether a key that sounds up to a gap and from its end on was held all the while: its two waves go on in phase, which
 * those of a second press do by chance only. A likelihood ratio of what one pair of waves leaves unexplained on both
 * sides to what a pair for each side does (Wilks, 1938).
 */
export function isOnePress({ before, missing, after }: Gap, key: Key): boolean {
  const tail = before.subarray(before.length - sideOfGap(before.toReversed()).tone);
  const head = after.subarray(0, sideOfGap(after).tone);
  if (tail.length < LEAST || head.length < LEAST) return false;

  const last = fitFrom(tail, tonesOf(key));
  const first = fitFrom(head, tonesOf(key));
  const length = tail.length + head.length;
  const meanOf = (one: number, other: number): number => (one * tail.length + other * head.length) / length;
  const low = meanOf(last.low, first.low);
  const high = meanOf(last.high, first.high);
  const both = fitAcross({ tail, missing, head }, { low, high });

  const [ofTail, ofHead] = [energyOf(tail), energyOf(head)];
  const energy = ofTail + ofHead;
  const apart = (1 - last.explained) * ofTail + (1 - first.explained) * ofHead;
  const together = (1 - both.explained) * energy;
  return length * Math.log((together + BLUR * energy) / (apart + BLUR * energy)) < TOO_UNLIKELY;
}

function fitFrom(piece: Float64Array, nominal: FitStart): TwoToneFit {
  return fitPiece(piece, fitPiece(middleOf(piece), nominal));
}

function energyOf(samples: Float64Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
