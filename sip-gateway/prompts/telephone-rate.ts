import { type Recording, WavError } from './wav.ts';

export const TELEPHONE_RATE = 8000;
/** What recorders and speech engines write; 44.1 and 48 kHz are the usual ones. */
const HIGHEST_RATE = 48_000;

/**
 * A low-pass, windowed sinc over 31 sixteen-thousandths of a second to each side: what lies above 4 kHz would come back
 * as a whistle in the telephone's band.
 */
const CUTOFF = 3700;
const REACH = 31 / 16_000;

/** 8 kHz samples; recordings of 8 to 48 kHz are taken, a WavError is thrown for any other rate. */
export function toTelephoneRate({ rate, samples }: Recording): Int16Array {
  if (rate === TELEPHONE_RATE) return samples;
  if (rate < TELEPHONE_RATE || rate > HIGHEST_RATE) {
    throw new WavError(`its rate is ${rate} Hz; 8000 to 48000 Hz can be used (sox in.wav -r 8000 out.wav)`);
  }
  const step = rate / TELEPHONE_RATE;
  const reach = Math.floor(REACH * rate);
  return Int16Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const at = index * step;
    let sum = 0;
    for (let from = Math.ceil(at) - reach; from <= at + reach; from++) {
      sum += (samples[from] ?? 0) * lowPass((from - at) / rate);
    }
    return Math.max(-32_768, Math.min(32_767, Math.round(sum / rate)));
  });
}

/** The response at this time (seconds, 0 in the middle) to a pulse of the area 1. */
function lowPass(time: number): number {
  const turn = Math.PI * time;
  const sinc = time === 0 ? 2 * CUTOFF : Math.sin(2 * CUTOFF * turn) / turn;
  return sinc * (0.54 + 0.46 * Math.cos(turn / REACH));
}
