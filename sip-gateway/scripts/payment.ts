import type { CallRequest } from '../../server/verification/ports.ts';
import { spelledOut } from '../../server/verification/spelling.ts';
import { PROMPT_NAMES, type PromptName, type Speech, type Utterance } from '../prompts/prompt-name.ts';

const BETWEEN_DIGITS = { pause: 100 };
const BETWEEN_LETTERS = { pause: 200 };
const BETWEEN_WORDS = { pause: 500 };
/** Before each thousand, as one writes 1 250 000. */
const BETWEEN_GROUPS = { pause: 240 };

/**
 * What the phone holder approves, in words: "You are approving a payment of four nine point nine zero euros. The payee
 * is …"
 * (PSD2 RTS, EU 2018/389, Art. 5(1)(a)). Digits one by one are as clear in every language and have no grammar.
 * Throws a TypeError for a payee that can only be spoken when nothing speaks it.
 */
export function paymentUtterance(
  { amount, payee }: NonNullable<CallRequest['transaction']>,
  spokenPayee?: Speech,
): Utterance {
  const [number = '', currency = ''] = amount.split(' ');
  return [
    'payment-intro',
    { pause: 200 },
    ...numberPrompts(number),
    ...currencyPrompts(currency),
    { pause: 300 },
    'payee-intro',
    { pause: 200 },
    ...(spokenPayee ? [spokenPayee] : spelledPayee(payee)),
    { pause: 700 },
  ];
}

function numberPrompts(number: string): Utterance {
  const [whole = '', fraction] = number.split('.');
  const groups = whole.split(/(?=(?:\d{3})+$)/);
  return [
    ...separated(
      groups.map((group) => spelled(group, BETWEEN_DIGITS)),
      BETWEEN_GROUPS,
    ),
    ...(fraction === undefined
      ? []
      : [BETWEEN_DIGITS, prompt('decimal-point'), BETWEEN_DIGITS, ...spelled(fraction, BETWEEN_DIGITS)]),
    BETWEEN_DIGITS,
  ];
}

/** A currency without a recording is told by its ISO 4217 code. */
function currencyPrompts(code: string): Utterance {
  const name = PROMPT_NAMES.find((each) => each === `currency-${code.toLowerCase()}`);
  return name === undefined ? spelled(code.toLowerCase(), BETWEEN_LETTERS) : [name];
}

function spelledPayee(payee: string): Utterance {
  const words = spelledOut(payee);
  // Without naming it: what went wrong may be logged.
  if (!words) throw new TypeError('This payee cannot be spelled, and nothing speaks it');
  return separated(
    words.map((word) => spelled(word, BETWEEN_LETTERS)),
    BETWEEN_WORDS,
  );
}

/** Digits and letters a-z, one after the other. */
function spelled(word: string, pause: { readonly pause: number }): Utterance {
  return separated(
    Array.from(word, (letter) => [prompt(/\d/.test(letter) ? `digit-${letter}` : `letter-${letter}`)]),
    pause,
  );
}

function prompt(wanted: string): PromptName {
  const name = PROMPT_NAMES.find((each) => each === wanted);
  if (name === undefined) throw new TypeError('Only letters a-z and digits can be spelled');
  return name;
}

function separated(parts: readonly Utterance[], pause: { readonly pause: number }): Utterance {
  return parts.flatMap((part, index) => (index === 0 ? part : [pause, ...part]));
}
