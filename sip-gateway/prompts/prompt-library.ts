import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lookUpLocale } from '../../server/verification/locale-lookup.ts';
import type { Voice } from '../../server/verification/ports.ts';
import { OUR_VOICES } from '../../server/verification/shared-words.ts';
import { MissingPromptError, PromptError } from './prompt-error.ts';
import { localesIn, misplacedIn } from './prompt-folder.ts';
import { PROMPT_NAMES, type PromptName, WORD_NAMES } from './prompt-name.ts';
import { createPromptPack, type Kept, type PromptPack } from './prompt-pack.ts';
import { doubtsAbout } from './recording-check.ts';
import { TELEPHONE_RATE, toTelephoneRate } from './telephone-rate.ts';
import { readWav, WavError } from './wav.ts';
import { readWordList, WORD_LIST } from './word-list.ts';

export interface PromptLibraryOptions {
  /** The language for a call that asks for one that has no pack. */
  readonly defaultLocale: string;
  /** A folder of `<locale>/<prompt>.wav`: replaces prompts of our packs, or adds a whole pack. */
  readonly overrideDir?: string;
}

/** Every prompt pack there is, ready to be sent. It holds no file open. */
export interface PromptLibrary {
  readonly locales: readonly string[];
  readonly voices: readonly Voice[];
  /** What the operator should know of recordings that can be played, one line each. */
  readonly doubts: readonly string[];
  /** The pack for this language tag (locale-lookup.ts), or the default one. */
  pack(locale: string): PromptPack;
}

/** An error shows so many mistakes at once. */
const SHOWN = 10;

/** Reads and checks every pack; throws a PromptError that names the files that cannot be used, and why. */
export async function loadPromptLibrary(options: PromptLibraryOptions): Promise<PromptLibrary> {
  const { overrideDir } = options;
  const ownDir = await findPacks();
  const folders = overrideDir === undefined ? [ownDir] : [overrideDir, ownDir];
  const problems = overrideDir === undefined ? [] : [...(await misplacedIn(overrideDir))];
  const found = (await Promise.all(folders.map(localesIn))).flat();
  const locales = [...new Set(found.map(({ locale }) => locale))].toSorted();
  const loader = new PackLoader(ownDir);
  const packs = new Map<string, PromptPack>();
  const voices: Voice[] = [];
  for (const locale of locales) {
    const paths = found.filter((each) => each.locale === locale).map(({ path }) => path);
    packs.set(locale, await loader.load(locale, paths));
    voices.push({ locale, words: await loader.words(locale, paths) });
  }
  problems.push(...loader.problems);
  if (problems.length > 0) throw new PromptError(problems.slice(0, SHOWN).join('\n'));

  const packOf = (locale: string): PromptPack | undefined => packs.get(lookUpLocale(locale, locales) ?? '');
  const fallback = packOf(options.defaultLocale);
  if (!fallback) {
    throw new PromptError(
      `There is no prompt pack for the default language "${options.defaultLocale}"; there are: ${locales.join(', ')}`,
    );
  }
  return { locales, voices, doubts: loader.doubts, pack: (locale) => packOf(locale) ?? fallback };
}

/** Beside the sources also when the code that runs is the one in dist/. */
async function findPacks(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let dir = here; ; dir = dirname(dir)) {
    const found = await access(join(dir, 'package.json')).then(
      () => true,
      () => false,
    );
    if (found) return join(dir, 'sip-gateway/prompts/packs');
    if (dir === dirname(dir)) throw new PromptError(`No package.json above ${here}: the prompt packs cannot be found`);
  }
}

interface Found {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Looks for each recording in a language's folders in their order, and collects what is wrong with them. */
class PackLoader {
  readonly #ownDir: string;
  readonly problems: string[] = [];
  readonly doubts: string[] = [];

  constructor(ownDir: string) {
    this.#ownDir = ownDir;
  }

  async load(locale: string, folders: readonly string[]): Promise<PromptPack> {
    const recordings = new Map<PromptName, Kept>();
    for (const prompt of PROMPT_NAMES) {
      const files = folders.map((folder) => join(folder, `${prompt}.wav`));
      const found = await readFirst(files);
      if (!found) throw new MissingPromptError({ locale, prompt, file: files.join(' and no ') });
      const kept = this.#check(prompt, found);
      if (kept) recordings.set(prompt, kept);
    }
    return createPromptPack(locale, recordings);
  }

  /** The operator's list where there is one: the call must not say another word than the page shows. */
  async words(locale: string, folders: readonly string[]): Promise<readonly string[]> {
    const ours = OUR_VOICES.find((voice) => voice.locale === locale)?.words;
    const theirs = folders.find((folder) => dirname(folder) !== this.#ownDir);
    const words = theirs === undefined ? undefined : await readWordList(theirs);
    if (theirs === undefined || !words) {
      if (ours) return ours;
      throw new PromptError(
        `The language "${locale}" has no ${WORD_LIST}: what word-0.wav to ${WORD_NAMES.at(-1)}.wav say, one word a line (${theirs})`,
      );
    }
    const recorded = await readdir(theirs);
    const silent = WORD_NAMES.filter(
      (name, place) => ours?.[place] !== words[place] && !recorded.includes(`${name}.wav`),
    );
    this.problems.push(
      ...silent.map((name) => `${join(theirs, WORD_LIST)} has a word of its own for ${name}.wav, which is not there`),
    );
    return words;
  }

  #check(prompt: PromptName, { file, bytes }: Found): Kept | undefined {
    try {
      const recording = readWav(bytes);
      const samples = toTelephoneRate(recording);
      // Ours are checked by our tests.
      const doubts = dirname(dirname(file)) === this.#ownDir ? [] : doubtsAbout(prompt, samples);
      this.doubts.push(...doubts.map((doubt) => `The prompt ${file}: ${doubt}`));
      // A file at the telephone's rate is no larger than its samples, and is as quickly read again.
      if (recording.rate === TELEPHONE_RATE) return { length: samples.length, samples: () => readWav(bytes).samples };
      return { length: samples.length, samples: () => samples };
    } catch (error) {
      if (!(error instanceof WavError)) throw error;
      this.problems.push(`The prompt ${file} cannot be used: ${error.message}`);
      return undefined;
    }
  }
}

async function readFirst(files: readonly string[]): Promise<Found | undefined> {
  for (const file of files) {
    try {
      return { file, bytes: await readFile(file) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        throw new PromptError(`The prompt ${file} cannot be read`, { cause: error });
      }
    }
  }
  return undefined;
}
