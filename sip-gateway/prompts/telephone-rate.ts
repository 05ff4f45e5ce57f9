import { type Recording, WavError } from './wav.ts';

export const TELEPHONE_RATE = 8000;

/**
 * A half-band low-pass for 16 kHz, windowed sinc with 63 taps: what lies above 4 kHz would come back as a whistle
 * in the telephone's band.
 */
const HALF_TAPS = 31;
const LOW_PASS: readonly number[] = Array.from({ length: 2 * HALF_TAPS + 1 }, (_, index) => {
  const n = index - HALF_TAPS;
  const cutoff = 3700 / 16_000;
  const sinc = n === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * n) / (Math.PI * n);
  return sinc * (0.54 + 0.46 * Math.cos((Math.PI * n) / HALF_TAPS));
});

/** 8 kHz samples; recordings of 8 and 16 kHz are taken, a WavError is thrown for any other rate. */
export function toTelephoneRate({ rate, samples }: Recording): Int16Array {
  if (rate === TELEPHONE_RATE) return samples;
  if (rate !== 2 * TELEPHONE_RATE) {
    throw new WavError(`its rate is ${rate} Hz; 8000 and 16000 Hz can be used (sox in.wav -r 8000 out.wav)`);
  }
  return Int16Array.from({ length: samples.length >> 1 }, (_, index) => {
    let sum = 0;
    for (let tap = -HALF_TAPS; tap <= HALF_TAPS; tap++) {
      sum += (samples[2 * index + tap] ?? 0) * (LOW_PASS[tap + HALF_TAPS] ?? 0);
    }
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  });
}
