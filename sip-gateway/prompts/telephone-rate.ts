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
  const filter = new PhasedFilter(rate);
  const result = new Int16Array(Math.floor((samples.length * TELEPHONE_RATE) / rate));
  return result.map((_, index) => filter.at(samples, index));
}

/**
 * The low-pass between the samples of a rate. Where a new sample lies between two old ones repeats itself, so that each
 * weight is worked out once: a name is spoken while others are on the phone.
 */
class PhasedFilter {
  readonly #rate: number;
  readonly #reach: number;
  /** By the time since the last old sample, in old samples of which 8000 are one. */
  readonly #weights = new Map<number, Float64Array>();

  constructor(rate: number) {
    this.#rate = rate;
    this.#reach = Math.floor(REACH * rate);
  }

  /** The new sample of this index. */
  at(samples: Int16Array, index: number): number {
    const position = index * this.#rate;
    const phase = position % TELEPHONE_RATE;
    const first = (position - phase) / TELEPHONE_RATE - this.#reach;
    const weights = this.#weights.get(phase) ?? this.#weightsOf(phase);
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap++) sum += (samples[first + tap] ?? 0) * (weights[tap] ?? 0);
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }

  #weightsOf(phase: number): Float64Array {
    const weights = Float64Array.from({ length: 2 * this.#reach + 1 }, (_, tap) => {
      const time = (tap - this.#reach - phase / TELEPHONE_RATE) / this.#rate;
      return time < -REACH ? 0 : lowPass(time) / this.#rate;
    });
    this.#weights.set(phase, weights);
    return weights;
  }
}

/** The response at this time (seconds, 0 in the middle) to a pulse of the area 1. */
function lowPass(time: number): number {
  const turn = Math.PI * time;
  const sinc = time === 0 ? 2 * CUTOFF : Math.sin(2 * CUTOFF * turn) / turn;
  return sinc * (0.54 + 0.46 * Math.cos(turn / REACH));
}
