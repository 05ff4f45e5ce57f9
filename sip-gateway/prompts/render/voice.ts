import type { PhraseName } from '../prompt-name.ts';

/** A program that speaks a text into a WAV file. */
export interface Engine {
  readonly program: 'flite' | 'espeak-ng';
  readonly args: (text: string, file: string) => readonly string[];
}

/** One prompt: what is said, and by which voice. */
export interface Line {
  /** As a person would write it. */
  readonly text: string;
  /** As the engine has to read it, where that is something else. */
  readonly spelt?: string;
  readonly engine: Engine;
}

/** What a pack says in calls. */
export type Lines = Readonly<Record<PhraseName, Line>>;

/** What a pack can put into its sentences. */
export interface Vocabulary {
  /** The words that page and call share, in the order of their list. */
  readonly words: readonly Line[];
  /** From A to Z. */
  readonly letters: readonly Line[];
}

/** CMU's `rms` for flite: of Debian's free English voices the one that a recogniser understands best. */
export const RMS: Engine = {
  program: 'flite',
  args: (text, file) => ['-voice', 'rms', '-t', text, '-o', file],
};

export interface EspeakOptions {
  readonly voice: string;
  /** Words a minute. */
  readonly speed: number;
  /** 0-99. */
  readonly pitch: number;
}

export function espeak({ voice, speed, pitch }: EspeakOptions): Engine {
  return {
    program: 'espeak-ng',
    // -b 1: the text is UTF-8, whatever the machine's locale.
    args: (text, file) => ['-b', '1', '-v', voice, '-s', `${speed}`, '-p', `${pitch}`, '-w', file, text],
  };
}
