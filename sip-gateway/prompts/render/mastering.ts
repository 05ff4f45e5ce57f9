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
  const speech = frames.filter((level) => level > Math.max(...frames) * PAUSE);
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
  const around = (of: Float64Array, index: number) =>
    of.subarray(Math.max(0, index - reach), Math.min(of.length, index + reach + 1));
  const held = wanted.map((_, index) => Math.min(...around(wanted, index)));
  return samples.map((sample, index) => {
    const window = around(held, index);
    return (sample * window.reduce((sum, gain) => sum + gain, 0)) / window.length;
  });
}
