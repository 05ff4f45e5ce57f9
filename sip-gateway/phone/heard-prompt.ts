import type { PromptName } from '../prompts/prompt-name.ts';

/** A prompt that was heard. Times in milliseconds of the stream or recording it was heard in. */
export interface HeardPrompt {
  readonly prompt: PromptName;
  readonly locale: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Everything of it was heard, but for packets that the network lost. */
  readonly complete: boolean;
}
