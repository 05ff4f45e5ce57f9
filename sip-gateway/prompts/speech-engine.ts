import { setImmediate } from 'node:timers/promises';
import type { Codec } from '../media/media-engine.ts';
import { master } from './render/mastering.ts';
import type { Speech } from './prompt-name.ts';
import { framesOfSamples } from './prompt-pack.ts';
import { readSpeechCommand, speak, type SpeechCommand, type SpeechOptions } from './speech-command.ts';
import { SpeechError } from './speech-error.ts';
import { toTelephoneRate } from './telephone-rate.ts';

/** What is spoken often (a shop's own name) is spoken once; at some 100 kB each. */
const REMEMBERED = 100;
/** No name takes longer to speak, and a call waits for it, for its turn as well. Milliseconds. */
const TIME_LIMIT = 10_000;
/** What a call may say in all is two minutes. Seconds. */
const LONGEST = 20;
/** At a time: each is a process that takes a core and some memory, and calls are to go on meanwhile. */
const AT_ONCE = 4;
/** Something that every voice of every language can say, and that is nobody's name. */
const TRIAL = '1 2 3';

export interface SpeechEngineOptions {
  readonly command: SpeechCommand;
  /** Told whenever it changes which process groups speak, so that others can end them should we be killed. */
  readonly onGroups?: (groups: readonly number[]) => void;
  /** For one name, its turn included; milliseconds. */
  readonly timeLimit?: number;
  /** How many names. */
  readonly remembered?: number;
}

/** The command of a line. Throws a SpeechError for a line that cannot be read. */
export function speechCommandOf(line: string): SpeechCommand {
  const command = readSpeechCommand(line);
  if (!command) throw new SpeechError('not-started', 'cannot be read; name a program and its arguments');
  return command;
}

/** Speaks names with the operator's program, at the level of the recordings. */
export class SpeechEngine {
  readonly #command: SpeechCommand;
  readonly #onGroups: (groups: readonly number[]) => void;
  readonly #timeLimit: number;
  readonly #remembered: number;
  /** The one used longest ago first. */
  readonly #spoken = new Map<string, Promise<Speech>>();
  readonly #groups = new Set<number>();
  readonly #closing = new AbortController();
  /** Those who wait for their turn. */
  readonly #waiting: (() => void)[] = [];
  #speaking = 0;

  constructor({ command, onGroups = () => {}, timeLimit = TIME_LIMIT, remembered = REMEMBERED }: SpeechEngineOptions) {
    this.#command = command;
    this.#onGroups = onGroups;
    this.#timeLimit = timeLimit;
    this.#remembered = remembered;
  }

  /** Throws a SpeechError. */
  async speech(text: string, locale: string): Promise<Speech> {
    const key = `${locale} ${text}`;
    const spoken = this.#spoken.get(key) ?? this.#speak(text, locale);
    this.#spoken.delete(key);
    this.#spoken.set(key, spoken);
    for (const oldest of this.#spoken.keys()) {
      if (this.#spoken.size <= this.#remembered) break;
      this.#spoken.delete(oldest);
    }
    // What failed once may work the next time.
    spoken.catch(() => {
      if (this.#spoken.get(key) === spoken) this.#spoken.delete(key);
    });
    return spoken;
  }

  /**
   * Whether the command speaks at all; to be asked at start.
   * @throws SpeechError with what the program printed
   */
  async trial(locale: string): Promise<void> {
    await this.#samples({ text: TRIAL, locale, timeLimit: this.#timeLimit, complaints: 'told' });
  }

  /** Ends what is being spoken, and speaks no more. Harmless when called twice. */
  close(): void {
    this.#closing.abort();
  }

  async #speak(text: string, locale: string): Promise<Speech> {
    const deadline = performance.now() + this.#timeLimit;
    const samples = await this.#inTurn(async () => {
      const timeLimit = deadline - performance.now();
      if (timeLimit <= 0) throw new SpeechError('timed-out', 'had too much else to speak');
      return this.#samples({ text, locale, timeLimit });
    });
    // Whoever is on the phone meanwhile gets their audio between one piece of work and the next.
    await setImmediate();
    const mastered = master(Float64Array.from(samples, (sample) => sample / 32_768));
    await setImmediate();
    return speechOf(Int16Array.from(mastered, (sample) => sample * 32_767));
  }

  async #samples(options: Omit<SpeechOptions, 'signal' | 'onGroup'>): Promise<Int16Array> {
    const signal = this.#closing.signal;
    const onGroup = (group: number, runs: boolean): void => this.#noteGroup(group, runs);
    const recording = await speak(this.#command, { ...options, signal, onGroup });
    const { samples, rate } = recording;
    if (!samples.some((sample) => sample !== 0)) throw new SpeechError('no-sound', 'wrote nothing but silence');
    if (samples.length <= LONGEST * rate) return toTelephoneRate(recording);
    throw new SpeechError('too-long', `spoke longer than ${LONGEST} s`);
  }

  /** One after the other gets a turn, and each gives it on to the next. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#speaking < AT_ONCE) this.#speaking += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#speaking -= 1;
    }
  }

  #noteGroup(group: number, runs: boolean): void {
    if (runs) this.#groups.add(group);
    else this.#groups.delete(group);
    this.#onGroups([...this.#groups]);
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
