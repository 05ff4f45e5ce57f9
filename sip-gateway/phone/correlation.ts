/** Samples of one envelope point: 20 ms at 8 kHz. */
export const HOP = 160;

/** Loudness over time in two bands (as it is, and with the high sounds raised): what survives every transport. */
export interface Envelope {
  readonly all: Float64Array;
  readonly high: Float64Array;
}

export function envelopeOf(pcm: Float64Array): Envelope {
  const points = Math.floor(pcm.length / HOP);
  const all = new Float64Array(points);
  const high = new Float64Array(points);
  for (let point = 0; point < points; point += 1) {
    let energy = 0;
    let highEnergy = 0;
    for (let i = point * HOP; i < (point + 1) * HOP; i += 1) {
      const sample = pcm[i] ?? 0;
      const step = sample - (pcm[i - 1] ?? 0);
      energy += sample * sample;
      highEnergy += step * step;
    }
    all[point] = Math.sqrt(energy / HOP);
    high[point] = Math.sqrt(highEnergy / HOP);
  }
  return { all, high };
}

/**
 * Takes away what lies above some 2 kHz. A recording is never sampled at the same instants as its original, which
 * turns the phase of high sounds most; and a voice has its strength below.
 */
export function withoutHighs(pcm: Int16Array): Float64Array {
  const smooth = new Float64Array(pcm.length);
  for (let i = 0; i < pcm.length; i += 1) {
    smooth[i] = ((pcm[i - 1] ?? 0) + 2 * (pcm[i] ?? 0) + (pcm[i + 1] ?? 0)) / 4;
  }
  return smooth;
}

/**
 * How alike `pattern` and each part of `signal` are, by where the part begins: 1 is the same but for loudness and
 * an offset, 0 is unrelated (Pearson's coefficient).
 */
export function likenesses(pattern: Float64Array, signal: Float64Array): Float64Array {
  const { length } = pattern;
  const result = new Float64Array(Math.max(0, signal.length - length + 1));
  const mean = pattern.reduce((sum, value) => sum + value, 0) / length;
  const shape = pattern.map((value) => value - mean);
  const shapeSpread = shape.reduce((sum, value) => sum + value * value, 0);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < length - 1; i += 1) {
    sum += signal[i] ?? 0;
    squares += (signal[i] ?? 0) ** 2;
  }
  for (let from = 0; from < result.length; from += 1) {
    const incoming = signal[from + length - 1] ?? 0;
    sum += incoming;
    squares += incoming * incoming;
    const spread = shapeSpread * (squares - (sum * sum) / length);
    if (spread > 1) {
      let product = 0;
      for (let i = 0; i < length; i += 1) product += (shape[i] ?? 0) * (signal[from + i] ?? 0);
      result[from] = product / Math.sqrt(spread);
    }
    const outgoing = signal[from] ?? 0;
    sum -= outgoing;
    squares -= outgoing * outgoing;
  }
  return result;
}

export interface Placement {
  readonly pattern: Float64Array;
  readonly signal: Float64Array;
  /** Where in the pattern, in samples. */
  readonly from: number;
  readonly length: number;
}

/** Where between `lowest` and `highest` (samples of lag) a piece of the pattern fits the signal best, and how well. */
export function bestLag(placement: Placement, lowest: number, highest: number): Fit {
  // Without highs, neighbours are so alike that every second lag is enough to find the peak.
  let best = fitAtLag(placement, lowest);
  for (let lag = lowest + 2; lag <= highest; lag += 2) best = better(best, fitAtLag(placement, lag));
  for (const lag of [best.lag - 1, best.lag + 1]) best = better(best, fitAtLag(placement, lag));
  return best;
}

export interface Fit {
  readonly lag: number;
  /** Normalised correlation, 1 for the same but for loudness. */
  readonly score: number;
}

function better(one: Fit, other: Fit): Fit {
  return other.score > one.score ? other : one;
}

function fitAtLag({ pattern, signal, from, length }: Placement, lag: number): Fit {
  let product = 0;
  let patternEnergy = 0;
  let signalEnergy = 0;
  for (let i = from; i < from + length; i += 1) {
    const a = pattern[i] ?? 0;
    const b = signal[i + lag] ?? 0;
    product += a * b;
    patternEnergy += a * a;
    signalEnergy += b * b;
  }
  const scale = Math.sqrt(patternEnergy * signalEnergy);
  return { lag, score: scale > 0 ? product / scale : 0 };
}
