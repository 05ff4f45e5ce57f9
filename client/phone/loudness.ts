/** Below this, in decibels of full scale, a line counts as silent. */
const FLOOR = -55;

/** How loud samples between -1 and 1 are to an ear: 0 (silence) to 1 (full scale), even in decibels. */
export function loudness(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const decibels = 10 * Math.log10(energy / Math.max(1, samples.length) + Number.MIN_VALUE);
  return Math.min(1, Math.max(0, 1 - decibels / FLOOR));
}
