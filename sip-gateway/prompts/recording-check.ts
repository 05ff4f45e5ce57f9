import type { PromptName } from './prompt-name.ts';
import { TELEPHONE_RATE } from './telephone-rate.ts';
import { WavError } from './wav.ts';

/** A person hangs up on a longer monologue, and a call has two minutes in all. Seconds. */
const LONGEST_PHRASE = 10;
/** A code of ten digits is read up to six times in a call. Seconds. */
const LONGEST_DIGIT = 2;
/** -50 dB of full scale: less than the noise of a telephone line. */
const AUDIBLE = 104;
/** -30 dB of full scale. */
const QUIET = 1_036;
/** The highest level of µ-law; what lies flat at it was cut off there. */
const FULL_SCALE = 32_100;
/** So many samples in a row at full scale are heard as a crackle. */
const FLAT = 4;
const CRACKLES = 3;

/**
 * What an operator should know of a recording (8 kHz samples) that can be played, in words.
 * @throws WavError when it cannot be used.
 */
export function doubtsAbout(name: PromptName, samples: Int16Array): readonly string[] {
  const isDigit = name.startsWith('digit-');
  const longest = isDigit ? LONGEST_DIGIT : LONGEST_PHRASE;
  const seconds = samples.length / TELEPHONE_RATE;
  if (samples.length === 0) throw new WavError('it is empty');
  if (seconds > longest) {
    throw new WavError(`it takes ${seconds.toFixed(1)} s; a ${isDigit ? 'digit' : 'phrase'} may take ${longest} s`);
  }
  const loudest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  if (loudest < AUDIBLE) {
    if (isDigit) throw new WavError('nothing can be heard in it, so no code with this digit could be told');
    return ['nothing can be heard in it'];
  }
  const doubts: string[] = [];
  if (loudest < QUIET) {
    doubts.push(`it is very quiet, ${Math.round(-20 * Math.log10(loudest / 32_768))} dB below full scale`);
  }
  if (crackles(samples) >= CRACKLES) doubts.push('it was recorded too loud and crackles');
  return doubts;
}

function crackles(samples: Int16Array): number {
  let flat = 0;
  let count = 0;
  for (const sample of samples) {
    flat = Math.abs(sample) >= FULL_SCALE ? flat + 1 : 0;
    if (flat === FLAT) count += 1;
  }
  return count;
}
