/** The share of a sound's power that lies outside of a band (Hz). 8 kHz samples; steps of 15.6 Hz. */
export function powerOutside(samples: Float64Array, [from, to]: readonly [number, number]): number {
  let outside = 0;
  let whole = 0;
  for (let start = 0; start + SIZE <= samples.length; start += SIZE / 2) {
    powers(samples.subarray(start, start + SIZE)).forEach((power, bin) => {
      const hertz = (bin * 8000) / SIZE;
      whole += power;
      if (hertz < from || hertz > to) outside += power;
    });
  }
  return outside / whole;
}

const SIZE = 512;
const HANN = Float64Array.from({ length: SIZE }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / SIZE));
const COS = Float64Array.from({ length: SIZE }, (_, n) => Math.cos((2 * Math.PI * n) / SIZE));
const SIN = Float64Array.from({ length: SIZE }, (_, n) => Math.sin((2 * Math.PI * n) / SIZE));
const REVERSED = Array.from({ length: SIZE }, (_, n) => Number.parseInt(binary(n), 2));

function binary(n: number): string {
  return Array.from(n.toString(2).padStart(Math.log2(SIZE), '0'))
    .toReversed()
    .join('');
}

/** Of each bin from 0 to half the rate: a fast Fourier transform (Cooley and Tukey, 1965). */
function powers(window: Float64Array): Float64Array {
  const real = Float64Array.from(REVERSED, (n) => (window[n] ?? 0) * (HANN[n] ?? 0));
  const imaginary = new Float64Array(SIZE);
  for (let half = 1; half < SIZE; half *= 2) {
    for (let start = 0; start < SIZE; start += 2 * half) butterflies({ real, imaginary }, start, half);
  }
  return real.subarray(0, SIZE / 2 + 1).map((value, bin) => value ** 2 + (imaginary[bin] ?? 0) ** 2);
}

function butterflies(
  { real, imaginary }: { real: Float64Array; imaginary: Float64Array },
  start: number,
  half: number,
) {
  for (let n = 0; n < half; n++) {
    const [low, high] = [start + n, start + n + half];
    const turn = (n * SIZE) / (2 * half);
    const [cos, sin] = [COS[turn] ?? 0, -(SIN[turn] ?? 0)];
    const [re, im] = [real[high] ?? 0, imaginary[high] ?? 0];
    const [byRe, byIm] = [re * cos - im * sin, re * sin + im * cos];
    real[high] = (real[low] ?? 0) - byRe;
    imaginary[high] = (imaginary[low] ?? 0) - byIm;
    real[low] = (real[low] ?? 0) + byRe;
    imaginary[low] = (imaginary[low] ?? 0) + byIm;
  }
}
