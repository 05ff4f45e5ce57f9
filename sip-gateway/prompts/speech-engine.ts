import type { Codec } from '../media/media-engine.ts';
import { master } from './render/mastering.ts';
import type { Speech } from './prompt-name.ts';
import { framesOfSamples } from './prompt-pack.ts';
import { readSpeechCommand, speak, type SpeechCommand, SpeechError } from './speech-command.ts';
import { toTelephoneRate } from './telephone-rate.ts';

/** What is spoken often (a shop's own name) is spoken once; at some 100 kB each. */
const REMEMBERED = 100;

/** The engine of a command line; undefined without one. Throws a SpeechError for a line that cannot be read. */
export function openSpeechEngine(line: string | undefined): SpeechEngine | undefined {
  if (line === undefined) return undefined;
  const command = readSpeechCommand(line);
  if (!command) throw new SpeechError('not-started', 'cannot be read; name a program and its arguments');
  return new SpeechEngine(command);
}

/** Speaks names with the operator's program, at the level of the recordings. */
export class SpeechEngine {
  readonly #command: SpeechCommand;
  /** The one used longest ago first. */
  readonly #spoken = new Map<string, Promise<Speech>>();

  constructor(command: SpeechCommand) {
    this.#command = command;
  }

  /** Throws a SpeechError. */
  async speech(text: string, locale: string): Promise<Speech> {
    const key = `${locale} ${text}`;
    const spoken = this.#spoken.get(key) ?? this.#speak(text, locale);
    this.#spoken.delete(key);
    this.#spoken.set(key, spoken);
    for (const oldest of this.#spoken.keys()) {
      if (this.#spoken.size <= REMEMBERED) break;
      this.#spoken.delete(oldest);
    }
    // What failed once may work the next time.
    spoken.catch(() => {
      if (this.#spoken.get(key) === spoken) this.#spoken.delete(key);
    });
    return spoken;
  }

  async #speak(text: string, locale: string): Promise<Speech> {
    const samples = toTelephoneRate(await speak(this.#command, { text, locale }));
    if (!samples.some((sample) => sample !== 0)) throw new SpeechError('no-sound', 'wrote nothing but silence');
    const mastered = master(Float64Array.from(samples, (sample) => sample / 32_768));
    return speechOf(Int16Array.from(mastered, (sample) => sample * 32_767));
  }
}

/** Encoded when a call needs it: a machine has one law, mostly. */
function speechOf(samples: Int16Array): Speech {
  const frames = new Map<Codec, readonly Uint8Array[]>();
  return {
    frames(codec) {
      const ready = frames.get(codec) ?? framesOfSamples(samples, codec);
      frames.set(codec, ready);
      return ready;
    },
  };
}
