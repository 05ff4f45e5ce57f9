import type { PromptName } from '../prompts/prompt-name.ts';

/** A recording that was heard. Times in milliseconds of the stream or recording it was heard in. */
export interface HeardSound {
  readonly prompt: PromptName;
  /** The languages that have it. */
  readonly locales: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  /** Everything of it was heard, but for packets that the network lost. */
  readonly complete: boolean;
}

/** A prompt that was heard, in the language that is being spoken. */
export type HeardPrompt = Omit<HeardSound, 'locales'> & { readonly locale: string };
