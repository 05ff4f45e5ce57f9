/** The share of a sound's power that lies outside of a band (Hz). 8 kHz samples; steps of 20 Hz. */
export function powerOutside(samples: Float64Array, [from, to]: readonly [number, number]): number {
  let outside = 0;
  let whole = 0;
  for (let start = 0; start + SIZE <= samples.length; start += SIZE / 2) {
    const window = samples.subarray(start, start + SIZE).map((sample, n) => sample * (HANN[n] ?? 0));
    // Parseval: the sum over all bins, positive and negative, is SIZE times the sum over the samples.
    whole += (SIZE / 2) * window.reduce((sum, sample) => sum + sample ** 2, 0);
    for (let bin = 0; bin <= SIZE / 2; bin++) {
      const hertz = (bin * 8000) / SIZE;
      if (hertz < from || hertz > to) outside += powerOf(window, bin);
    }
  }
  return outside / whole;
}

const SIZE = 400;
const HANN = Float64Array.from({ length: SIZE }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / SIZE));

/** Goertzel. */
function powerOf(window: Float64Array, bin: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * bin) / SIZE);
  let last = 0;
  let beforeLast = 0;
  for (const sample of window) {
    const next = sample + turn * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  return last ** 2 + beforeLast ** 2 - turn * last * beforeLast;
}
