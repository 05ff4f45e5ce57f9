/**
 * Least squares of two sine waves of unknown frequency on some 20 ms of audio, by Gauss-Newton from the
 * nominal pair. Twenty milliseconds at 15 dB SNR pin a DTMF tone down to about 2 Hz, which a bank of fixed
 * filters that short (bins 50 Hz wide) cannot: it is what tells 1.5 % off (a phone) from 3.5 % off (not one).
 */
export interface TwoToneFit {
  /** Radians per sample. */
  readonly low: number;
  readonly high: number;
  /** Power of each wave, in squared sample values. */
  readonly lowPower: number;
  readonly highPower: number;
  /** The share of the energy that the two waves explain, 0 to 1. */
  readonly explained: number;
}

/** Where a fit begins; radians per sample. */
export interface FitStart {
  readonly low: number;
  readonly high: number;
  /** The first of them is for the amplitudes alone. */
  readonly iterations?: number;
}

const ITERATIONS = 3;
/** Unknowns: cos and sin amplitude of each wave, and a correction of each frequency. */
const UNKNOWNS = 6;
const AMPLITUDES = 4;
const SIZE = UNKNOWNS + 1;

const normal = new Float64Array(UNKNOWNS * SIZE);
const rightSide = new Float64Array(UNKNOWNS);
const solution = new Float64Array(UNKNOWNS);

/**
 * Fits all samples; `holes` is 1 for each that was not received (a lost packet belongs to the span but brings no
 * evidence).
 */
export function fitTwoTones(samples: Float64Array, holes: Uint8Array, start: FitStart): TwoToneFit {
  const { iterations = ITERATIONS } = start;
  let { low, high } = start;
  const middle = samples.length / 2;
  let fit: TwoToneFit = { low, high, lowPower: 0, highPower: 0, explained: 0 };
  solution.fill(0);
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    // The derivative by frequency needs the amplitudes: the first round solves for them alone.
    const unknowns = iteration === 0 ? AMPLITUDES : UNKNOWNS;
    const energy = accumulate(samples, holes, { low, high, middle });
    if (energy === 0 || !solve(unknowns)) return fit;
    let explained = 0;
    for (let i = 0; i < unknowns; i += 1) explained += (solution[i] ?? 0) * (rightSide[i] ?? 0);
    if (unknowns === UNKNOWNS) {
      low += solution[4] ?? 0;
      high += solution[5] ?? 0;
    }
    fit = { low, high, lowPower: power(0), highPower: power(2), explained: explained / energy };
  }
  return fit;
}

/**
 * Sums the normal equations. Written out, sum by sum: this is the one hot loop of the ear, and a loop over the
 * matrix takes four times as long.
 */
function accumulate(
  samples: Float64Array,
  holes: Uint8Array,
  at: { readonly low: number; readonly high: number; readonly middle: number },
): number {
  const { low, high, middle } = at;
  const [lowCos = 0, lowSin = 0, highCos = 0, highSin = 0] = solution;
  // Waves advance by rotation: two multiplications a sample instead of a sine.
  let cosLow = Math.cos(-low * middle);
  let sinLow = Math.sin(-low * middle);
  let cosHigh = Math.cos(-high * middle);
  let sinHigh = Math.sin(-high * middle);
  const stepCosLow = Math.cos(low);
  const stepSinLow = Math.sin(low);
  const stepCosHigh = Math.cos(high);
  const stepSinHigh = Math.sin(high);
  let energy = 0;
  let aa = 0;
  let ab = 0;
  let ac = 0;
  let ad = 0;
  let ae = 0;
  let af = 0;
  let ax = 0;
  let bb = 0;
  let bc = 0;
  let bd = 0;
  let be = 0;
  let bf = 0;
  let bx = 0;
  let cc = 0;
  let cd = 0;
  let ce = 0;
  let cf = 0;
  let cx = 0;
  let dd = 0;
  let de = 0;
  let df = 0;
  let dx = 0;
  let ee = 0;
  let ef = 0;
  let ex = 0;
  let ff = 0;
  let fx = 0;
  for (let n = 0; n < samples.length; n += 1) {
    if (holes[n] === 0) {
      const sample = samples[n] ?? 0;
      const t = n - middle;
      const byLow = t * (lowSin * cosLow - lowCos * sinLow);
      const byHigh = t * (highSin * cosHigh - highCos * sinHigh);
      energy += sample * sample;
      aa += cosLow * cosLow;
      ab += cosLow * sinLow;
      ac += cosLow * cosHigh;
      ad += cosLow * sinHigh;
      ae += cosLow * byLow;
      af += cosLow * byHigh;
      ax += cosLow * sample;
      bb += sinLow * sinLow;
      bc += sinLow * cosHigh;
      bd += sinLow * sinHigh;
      be += sinLow * byLow;
      bf += sinLow * byHigh;
      bx += sinLow * sample;
      cc += cosHigh * cosHigh;
      cd += cosHigh * sinHigh;
      ce += cosHigh * byLow;
      cf += cosHigh * byHigh;
      cx += cosHigh * sample;
      dd += sinHigh * sinHigh;
      de += sinHigh * byLow;
      df += sinHigh * byHigh;
      dx += sinHigh * sample;
      ee += byLow * byLow;
      ef += byLow * byHigh;
      ex += byLow * sample;
      ff += byHigh * byHigh;
      fx += byHigh * sample;
    }
    const nextCosLow = cosLow * stepCosLow - sinLow * stepSinLow;
    sinLow = sinLow * stepCosLow + cosLow * stepSinLow;
    cosLow = nextCosLow;
    const nextCosHigh = cosHigh * stepCosHigh - sinHigh * stepSinHigh;
    sinHigh = sinHigh * stepCosHigh + cosHigh * stepSinHigh;
    cosHigh = nextCosHigh;
  }
  put(0, 0, aa);
  put(0, 1, ab);
  put(0, 2, ac);
  put(0, 3, ad);
  put(0, 4, ae);
  put(0, 5, af);
  put(0, 6, ax);
  put(1, 1, bb);
  put(1, 2, bc);
  put(1, 3, bd);
  put(1, 4, be);
  put(1, 5, bf);
  put(1, 6, bx);
  put(2, 2, cc);
  put(2, 3, cd);
  put(2, 4, ce);
  put(2, 5, cf);
  put(2, 6, cx);
  put(3, 3, dd);
  put(3, 4, de);
  put(3, 5, df);
  put(3, 6, dx);
  put(4, 4, ee);
  put(4, 5, ef);
  put(4, 6, ex);
  put(5, 5, ff);
  put(5, 6, fx);
  return energy;
}

function put(row: number, column: number, value: number): void {
  normal[row * SIZE + column] = value;
  if (column < UNKNOWNS) normal[column * SIZE + row] = value;
  else rightSide[row] = value;
}

/** Gaussian elimination with partial pivoting on `normal`; false where the waves cannot be told apart. */
function solve(unknowns: number): boolean {
  for (let pivot = 0; pivot < unknowns; pivot += 1) {
    let best = pivot;
    for (let row = pivot + 1; row < unknowns; row += 1) {
      if (Math.abs(normal[row * SIZE + pivot] ?? 0) > Math.abs(normal[best * SIZE + pivot] ?? 0)) best = row;
    }
    if (Math.abs(normal[best * SIZE + pivot] ?? 0) < 1e-9) return false;
    for (let column = pivot; column < SIZE; column += 1) {
      const swap = normal[pivot * SIZE + column] ?? 0;
      normal[pivot * SIZE + column] = normal[best * SIZE + column] ?? 0;
      normal[best * SIZE + column] = swap;
    }
    for (let row = pivot + 1; row < unknowns; row += 1) {
      const factor = (normal[row * SIZE + pivot] ?? 0) / (normal[pivot * SIZE + pivot] ?? 1);
      for (let column = pivot; column < SIZE; column += 1) {
        const cell = row * SIZE + column;
        normal[cell] = (normal[cell] ?? 0) - factor * (normal[pivot * SIZE + column] ?? 0);
      }
    }
  }
  for (let row = unknowns - 1; row >= 0; row -= 1) {
    let value = normal[row * SIZE + UNKNOWNS] ?? 0;
    for (let column = row + 1; column < unknowns; column += 1) {
      value -= (normal[row * SIZE + column] ?? 0) * (solution[column] ?? 0);
    }
    solution[row] = value / (normal[row * SIZE + row] ?? 1);
  }
  return true;
}

function power(first: number): number {
  const cos = solution[first] ?? 0;
  const sin = solution[first + 1] ?? 0;
  return (cos * cos + sin * sin) / 2;
}
