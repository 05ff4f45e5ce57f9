import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MissingPromptError, PromptError } from './prompt-error.ts';
import { localesIn, misplacedIn } from './prompt-folder.ts';
import { PROMPT_NAMES, type PromptName } from './prompt-name.ts';
import { createPromptPack, type Kept, type PromptPack } from './prompt-pack.ts';
import { doubtsAbout } from './recording-check.ts';
import { TELEPHONE_RATE, toTelephoneRate } from './telephone-rate.ts';
import { readWav, WavError } from './wav.ts';

export interface PromptLibraryOptions {
  /** The language for a call that asks for one that has no pack. */
  readonly defaultLocale: string;
  /** A folder of `<locale>/<prompt>.wav`: replaces prompts of our packs, or adds a whole pack. */
  readonly overrideDir?: string;
  /** Where our own packs lie; the repository's unless told otherwise. */
  readonly packsDir?: string;
}

/** Every prompt pack there is, ready to be sent. It holds no file open. */
export interface PromptLibrary {
  readonly locales: readonly string[];
  /** What the operator should know of recordings that can be played, one line each. */
  readonly doubts: readonly string[];
  /** The pack of this language tag, of its language (`zh-CN`, `zh`), or the default one. */
  pack(locale: string): PromptPack;
}

/** An error shows so many mistakes at once. */
const SHOWN = 10;

/** Reads and checks every pack; throws a PromptError that names the files that cannot be used, and why. */
export async function loadPromptLibrary(options: PromptLibraryOptions): Promise<PromptLibrary> {
  const { overrideDir } = options;
  const ownDir = options.packsDir ?? (await findPacks());
  const folders = overrideDir === undefined ? [ownDir] : [overrideDir, ownDir];
  const problems = overrideDir === undefined ? [] : [...(await misplacedIn(overrideDir))];
  const locales = new Set((await Promise.all(folders.map(localesIn))).flat().toSorted());
  const loader = new PackLoader(folders);
  const packs = new Map<string, PromptPack>();
  for (const locale of locales) packs.set(locale.toLowerCase(), await loader.load(locale));
  problems.push(...loader.problems);
  if (problems.length > 0) throw new PromptError(problems.slice(0, SHOWN).join('\n'));

  const fallback = bestOf(packs, options.defaultLocale);
  if (!fallback) {
    throw new PromptError(
      `There is no prompt pack for the default language "${options.defaultLocale}"; there are: ${[...locales].join(', ')}`,
    );
  }
  return {
    locales: [...locales],
    doubts: loader.doubts,
    pack: (locale) => bestOf(packs, locale) ?? fallback,
  };
}

/** RFC 4647 §3.4, lookup: the tag is shortened from its end until there is a pack. */
function bestOf(packs: ReadonlyMap<string, PromptPack>, locale: string): PromptPack | undefined {
  const parts = locale.toLowerCase().split(/[-_]/);
  for (let length = parts.length; length > 0; length--) {
    const pack = packs.get(parts.slice(0, length).join('-'));
    if (pack) return pack;
  }
  return undefined;
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
  /** Ours are checked by our tests. */
  readonly isOurs: boolean;
  readonly bytes: Uint8Array;
}

/** Looks for each recording in the folders in their order, and collects what is wrong with them. */
class PackLoader {
  readonly #folders: readonly string[];
  readonly problems: string[] = [];
  readonly doubts: string[] = [];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  async load(locale: string): Promise<PromptPack> {
    const recordings = new Map<PromptName, Kept>();
    for (const prompt of PROMPT_NAMES) {
      const files = this.#folders.map((folder) => join(folder, locale, `${prompt}.wav`));
      const found = await readFirst(files);
      if (!found) throw new MissingPromptError({ locale, prompt, file: files.join(' and no ') });
      const kept = this.#check(prompt, found);
      if (kept) recordings.set(prompt, kept);
    }
    return createPromptPack(locale, recordings);
  }

  #check(prompt: PromptName, { file, bytes, isOurs }: Found): Kept | undefined {
    try {
      const recording = readWav(bytes);
      const samples = toTelephoneRate(recording);
      const doubts = isOurs ? [] : doubtsAbout(prompt, samples);
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
      return { file, bytes: await readFile(file), isOurs: file === files.at(-1) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        throw new PromptError(`The prompt ${file} cannot be read`, { cause: error });
      }
    }
  }
  return undefined;
}
