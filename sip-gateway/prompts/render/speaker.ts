import { espeak, type Line } from './voice.ts';

/** Words a minute: slower than the engine's 175, for an ear at a telephone; a digit has to be understood alone. */
const PHRASE_SPEED = 160;
const DIGIT_SPEED = 120;
/** The engine's middle is 50. */
const PITCH = 45;

/** The kinds of line that a pack is made of. */
export interface Speaker {
  /** Whole sentences. `spelt`: as the engine has to read them. */
  readonly phrase: (text: string, spelt?: string) => Line;
  /** A digit or a name follows: the voice stays up. */
  readonly leadIn: (text: string, spelt?: string) => Line;
  readonly digit: (text: string) => Line;
  /** A name that is English, such as ours. */
  readonly name: (text: string) => Line;
}

/**
 * A voice of espeak-ng for one language, in one of the engine's variants (`espeak-ng --voices=variant`): for each
 * language the one in which the two digits that are most alike are furthest apart in the band of a telephone.
 */
export function speaker(voice: string, variant: string, digitSpeed = DIGIT_SPEED): Speaker {
  const engine = (speed: number, of = voice) => espeak({ voice: `${of}+${variant}`, speed, pitch: PITCH });
  return {
    phrase: (text, spelt = text) => ({ text, spelt, engine: engine(PHRASE_SPEED) }),
    leadIn: (text, spelt = text) => ({ text, spelt: `${spelt},`, engine: engine(PHRASE_SPEED) }),
    digit: (text) => ({ text, spelt: `${text}.`, engine: engine(digitSpeed) }),
    name: (text) => ({ text, engine: engine(PHRASE_SPEED, 'en-us') }),
  };
}
