import type { PromptName } from './prompt-name.ts';

/** A pack cannot be used: a prompt is missing or damaged. Said at start, so that no call is silent. */
export class PromptError extends Error {
  override readonly name: string = 'PromptError';
}

export class MissingPromptError extends PromptError {
  override readonly name = 'MissingPromptError';
  readonly locale: string;
  readonly prompt: PromptName;
  readonly file: string;

  constructor(missing: { locale: string; prompt: PromptName; file: string }) {
    super(`Prompt "${missing.prompt}" of the language "${missing.locale}" is missing: there is no ${missing.file}`);
    this.locale = missing.locale;
    this.prompt = missing.prompt;
    this.file = missing.file;
  }
}
