/**
 * The measured call, milliseconds: 4 s of prompt, half a second until the first key, six keys, and a farewell of 1.8 s (0.3 s of
 * it a pause); 7.85 s from answer to BYE.
 */
const PAUSES_IN_GREETING = 900;

/** How long the prompts of the call are; the pauses between them are the script's own. */
export const PROMPTS = {
  greeting: 1_100,
  'operator-name': 500,
  'keypad-ask': 1_500,
  'verdict-verified': 1_000,
  goodbye: 500,
} as const;

const ASKED = PAUSES_IN_GREETING + PROMPTS.greeting + PROMPTS['operator-name'] + PROMPTS['keypad-ask'];

export const KEYS = '482713';
/** From the answer. */
export const FIRST_KEY = ASKED + 550;
export const BETWEEN_KEYS = 300;
