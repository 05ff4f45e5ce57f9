import type { PromptName } from '../prompts/prompt-name.ts';

/** What a person understands from the prompts of a call. */
export type Understood =
  | { readonly type: 'gate'; readonly digit: string }
  | { readonly type: 'report-key'; readonly digit: string }
  | { readonly type: 'asked'; readonly time: number }
  | { readonly type: 'test'; readonly keys: string }
  | { readonly type: 'code'; readonly code: string };

/** Each digit after these the phone is to press. */
const GATE_QUESTIONS: ReadonlySet<PromptName> = new Set(['gate-ask', 'gate-wrong', 'gate-still-there']);
const CODE_QUESTIONS: ReadonlySet<PromptName> = new Set(['keypad-ask', 'keypad-again', 'keypad-wrong']);
const CODE_INTROS: ReadonlySet<PromptName> = new Set(['code-intro', 'code-repeat', 'code-last']);
/** What the voice of `ringproof check-trunk` asks for. */
const TEST_KEYS = '123';
/** Said at once, also in the middle of a reading: on a key, or because the verification is over. */
const INTERRUPTIONS: ReadonlySet<PromptName> = new Set([
  'code-repeat',
  'verdict-verified',
  'verdict-locked',
  'verdict-expired',
  'verdict-canceled',
  'verdict-failed',
  'report-done',
]);

/** Puts the prompts of one call together to what they ask for and tell. */
export class Listener {
  readonly #codeLength: number;
  #expects: 'gate-digit' | 'report-key' | 'code' | undefined;
  #code = '';
  #asked = 0;

  /** Where the length of codes is known, a code is told with its last digit, and not when nothing follows it. */
  constructor(codeLength = Number.POSITIVE_INFINITY) {
    this.#codeLength = codeLength;
  }

  /** Whether digits of a code have been heard whose end is not certain: `pause()` after a while makes it so. */
  get isHearingCode(): boolean {
    return this.#code !== '';
  }

  /** A prompt begins. */
  begin(prompt: PromptName): readonly Understood[] {
    if (digitOf(prompt) !== undefined) return [];
    if (INTERRUPTIONS.has(prompt)) this.#code = '';
    return this.pause();
  }

  /** A prompt was heard to its end. */
  hear(prompt: PromptName): readonly Understood[] {
    const digit = digitOf(prompt);
    if (digit !== undefined) return this.#digit(digit);
    this.#expects = undefined;
    if (GATE_QUESTIONS.has(prompt)) this.#expects = 'gate-digit';
    if (prompt === 'report-hint') this.#expects = 'report-key';
    if (CODE_INTROS.has(prompt)) this.#expects = 'code';
    if (prompt === 'trunk-test') return [{ type: 'test', keys: TEST_KEYS }];
    if (!CODE_QUESTIONS.has(prompt)) return [];
    this.#asked += 1;
    return [{ type: 'asked', time: this.#asked }];
  }

  /** Nothing more came for longer than the silence between two digits. */
  pause(): readonly Understood[] {
    if (this.#code === '') return [];
    const code = this.#code;
    this.#code = '';
    return [{ type: 'code', code }];
  }

  #digit(digit: string): readonly Understood[] {
    if (this.#expects === 'gate-digit') return [{ type: 'gate', digit }];
    if (this.#expects === 'report-key') {
      this.#expects = undefined;
      return [{ type: 'report-key', digit }];
    }
    if (this.#expects !== 'code') return [];
    this.#code += digit;
    return this.#code.length < this.#codeLength ? [] : this.pause();
  }
}

/** The digit that a prompt says, if it says one. */
export function digitOf(prompt: PromptName): string | undefined {
  return /^digit-(\d)$/.exec(prompt)?.[1];
}
