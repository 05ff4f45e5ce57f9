/** G. Goertzel, 1958: the power of one frequency (radians per sample) with one multiplication a sample. */
export function goertzel(samples: Float64Array, frequency: number): number {
  const factor = 2 * Math.cos(frequency);
  let one = 0;
  let two = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const next = (samples[i] ?? 0) + factor * one - two;
    two = one;
    one = next;
  }
  return one * one + two * two - factor * one * two;
}
