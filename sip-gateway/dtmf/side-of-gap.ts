import { FAINTEST } from './tone-pairs.ts';

/** What the audio on one side of a gap holds of a tone that the gap cuts. */
export interface SideOfGap {
  /** Samples, from the gap on; 0 where it is quiet beside the gap. */
  readonly tone: number;
  /** Mean square of the tone. */
  readonly power: number;
  /** Samples of quiet beyond the tone; 0 where it goes on for as long as we look. */
  readonly quiet: number;
}

/** How much fainter the quiet is than the tone: 8 dB. Noise may be 15 dB below, and speech fades slowly. */
export const EDGE = 10 ** 0.8;
/** An edge this near to either end of the side, 0.75 ms, may be noise. */
const LEAST = 6;
/** Quiet beside the gap for less than this, 2 ms, may be the beat of two tones. */
const LEAST_QUIET = 16;
/** Keeps the logarithm of digital silence from deciding alone; mean square of noise that nobody hears. */
const INAUDIBLE = 100;

/** `side`: the nearest sample first. */
export function sideOfGap(side: Float64Array): SideOfGap {
  const energies = runningEnergy(side);
  const edge = edgeIn(energies);
  const near = meanOf(energies, { from: 0, to: edge });
  const far = meanOf(energies, { from: edge, to: side.length });
  if (edge < side.length) {
    const step = (near + INAUDIBLE) / (far + INAUDIBLE);
    if (step > EDGE && near > FAINTEST) return { tone: edge, power: near, quiet: side.length - edge };
    if (step < 1 / EDGE && edge > LEAST_QUIET) return { tone: 0, power: 0, quiet: edge };
  }
  const power = meanOf(energies, { from: 0, to: side.length });
  return power > FAINTEST ? { tone: side.length, power, quiet: 0 } : { tone: 0, power: 0, quiet: side.length };
}

function runningEnergy(samples: Float64Array): Float64Array {
  const energies = new Float64Array(samples.length + 1);
  for (const [index, sample] of samples.entries()) energies[index + 1] = (energies[index] ?? 0) + sample * sample;
  return energies;
}

function meanOf(energies: Float64Array, { from, to }: { readonly from: number; readonly to: number }): number {
  return to > from ? ((energies[to] ?? 0) - (energies[from] ?? 0)) / (to - from) : 0;
}

/** Where the level changes, by maximum likelihood of two variances; all of it where it is too short to tell. */
function edgeIn(energies: Float64Array): number {
  const length = energies.length - 1;
  let edge = length;
  let least = Infinity;
  for (let at = LEAST; at <= length - LEAST; at += 1) {
    const near = meanOf(energies, { from: 0, to: at }) + INAUDIBLE;
    const far = meanOf(energies, { from: at, to: length }) + INAUDIBLE;
    const cost = at * Math.log(near) + (length - at) * Math.log(far);
    if (cost < least) {
      least = cost;
      edge = at;
    }
  }
  return edge;
}
