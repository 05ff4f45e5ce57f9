import { TELEPHONE_RATE } from '../telephone-rate.ts';

/** Speech level, RMS, of full scale. */
const LEVEL = decibels(-16);
/** -3 dB of headroom, and what G.711 may round up. */
const PEAK = decibels(-3.5);

/** Frames are 10 ms long. */
const FRAMES_A_SECOND = 100;
/** A frame this far below the loudest is a pause or a breath, not speech. */
const PAUSE = decibels(-30);
/** Softer than this, the ends of a recording are cut off. */
const EDGE = decibels(-45);
/** What is left before and after: the first and last consonants are soft. */
const LEAD_FRAMES = 2;
const TAIL_FRAMES = 4;
/** Lips and tongue hold the air no longer than this between a consonant's burst and its vowel. */
const LONGEST_CLOSURE_FRAMES = 6;

/** From speech at any level to a prompt: no silence around it, faded in and out, at telephone level. `rate`: samples a second. */
export function master(speech: Float64Array, rate = TELEPHONE_RATE): Float64Array {
  const frame = rate / FRAMES_A_SECOND;
  return leveled(faded(trimmed(speech, frame), frame), frame);
}

/** RMS of the parts that are speech, of full scale. */
export function speechLevel(samples: Float64Array, frame = TELEPHONE_RATE / FRAMES_A_SECOND): number {
  const frames = frameLevels(samples, frame);
  const loudest = Math.max(...frames);
  const speech = frames.filter((level) => level > loudest * PAUSE);
  return Math.sqrt(speech.reduce((sum, level) => sum + level ** 2, 0) / speech.length);
}

export function decibels(db: number): number {
  return 10 ** (db / 20);
}

function frameLevels(samples: Float64Array, length: number): readonly number[] {
  return Array.from({ length: Math.ceil(samples.length / length) }, (_, index) => {
    const frame = samples.subarray(index * length, (index + 1) * length);
    return Math.sqrt(frame.reduce((sum, sample) => sum + sample ** 2, 0) / frame.length);
  });
}

function trimmed(samples: Float64Array, frame: number): Float64Array {
  const levels = frameLevels(samples, frame);
  const loudest = Math.max(...levels);
  const threshold = loudest * EDGE;
  const first = onset(levels, { threshold, loud: loudest * PAUSE });
  const last = levels.findLastIndex((level) => level > threshold);
  return samples.slice(Math.max(0, first - LEAD_FRAMES) * frame, (last + 1 + TAIL_FRAMES) * frame);
}

/** The first frame of the first sound; what some engines click long before it is none, and the burst of a consonant is. */
function onset(levels: readonly number[], { threshold, loud }: { threshold: number; loud: number }): number {
  const firstLoud = levels.findIndex((level) => level > loud);
  let first = firstLoud;
  for (let frame = firstLoud; frame >= 0 && first - frame <= LONGEST_CLOSURE_FRAMES; frame--) {
    if ((levels[frame] ?? 0) > threshold) first = frame;
  }
  return first;
}

/** 10 ms at each end, so that no prompt begins or ends with a click. */
function faded(samples: Float64Array, frame: number): Float64Array {
  return samples.map((sample, index) => sample * Math.min(1, (index + 1) / frame, (samples.length - index) / frame));
}

/** Speech at -16 dB has peaks above full scale, so level and limiter are brought together in a few rounds. */
function leveled(samples: Float64Array, frame: number): Float64Array {
  let gain = LEVEL / speechLevel(samples, frame);
  let result = samples;
  for (let round = 0; round < 6; round++) {
    result = limited(
      samples.map((sample) => sample * gain),
      frame / 2,
    );
    gain *= LEVEL / speechLevel(result, frame);
  }
  return result;
}

/** Turns the volume down around each peak, 5 ms before and after, gently enough not to be heard. */
function limited(samples: Float64Array, reach: number): Float64Array {
  const wanted = samples.map((sample) => Math.min(1, PEAK / Math.abs(sample)));
  const gains = meanAround(lowestAround(wanted, reach), reach);
  return samples.map((sample, index) => sample * (gains[index] ?? 1));
}

/** Of each value and those that are no further away than `reach`, the least: time grows with the values alone. */
function lowestAround(values: Float64Array, reach: number): Float64Array {
  const lowest = new Float64Array(values.length);
  /** Places whose values rise: the first is the least, and what is not less than a later one is never the least again. */
  const rising = new Int32Array(values.length);
  let first = 0;
  let end = 0;
  for (let next = 0; next < values.length + reach; next++) {
    const value = values[next];
    if (value !== undefined) {
      while (end > first && (values[rising[end - 1] ?? 0] ?? 0) >= value) end--;
      rising[end++] = next;
    }
    const place = next - reach;
    while ((rising[first] ?? 0) < place - reach) first++;
    if (place >= 0) lowest[place] = values[rising[first] ?? 0] ?? 0;
  }
  return lowest;
}

/** Of each value and those that are no further away than `reach`, the mean. */
function meanAround(values: Float64Array, reach: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  let sum = 0;
  for (let place = 0; place < values.length; place++) sums[place + 1] = sum += values[place] ?? 0;
  return values.map((_, place) => {
    const from = Math.max(0, place - reach);
    const to = Math.min(values.length, place + reach + 1);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  });
}
