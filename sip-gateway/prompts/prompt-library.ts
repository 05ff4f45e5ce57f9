import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROMPT_NAMES, type PromptName } from './prompt-name.ts';
import { createPromptPack, type PromptPack } from './prompt-pack.ts';
import { toTelephoneRate } from './telephone-rate.ts';
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
  /** The pack of this language tag, of its language (`zh-CN`, `zh`), or the default one. */
  pack(locale: string): PromptPack;
}

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

/** Reads every pack; throws a PromptError that names the file for the first prompt that cannot be used. */
export async function loadPromptLibrary(options: PromptLibraryOptions): Promise<PromptLibrary> {
  const ownDir = options.packsDir ?? (await findPacks());
  const folders = options.overrideDir === undefined ? [ownDir] : [options.overrideDir, ownDir];
  const locales = new Set((await Promise.all(folders.map(localesIn))).flat().toSorted());
  const packs = new Map<string, PromptPack>();
  for (const locale of locales) packs.set(locale.toLowerCase(), await loadPack(locale, folders));

  const fallback = bestOf(packs, options.defaultLocale);
  if (!fallback) {
    throw new PromptError(
      `There is no prompt pack for the default language "${options.defaultLocale}"; there are: ${[...locales].join(', ')}`,
    );
  }
  return { locales: [...locales], pack: (locale) => bestOf(packs, locale) ?? fallback };
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

/** A language tag; other folders, such as lost+found, are none of ours. */
const LOCALE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;

async function localesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && LOCALE.test(entry.name)).map(({ name }) => name);
  } catch {
    throw new PromptError(`The folder of prompt packs cannot be read: ${folder}`);
  }
}

async function loadPack(locale: string, folders: readonly string[]): Promise<PromptPack> {
  const recordings = new Map<PromptName, Int16Array>();
  for (const prompt of PROMPT_NAMES) {
    const files = folders.map((folder) => join(folder, locale, `${prompt}.wav`));
    const found = await readFirst(files);
    if (!found) throw new MissingPromptError({ locale, prompt, file: files.join(' and no ') });
    recordings.set(prompt, samplesOf(found));
  }
  return createPromptPack(locale, recordings);
}

async function readFirst(files: readonly string[]): Promise<{ file: string; bytes: Uint8Array } | undefined> {
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

function samplesOf({ file, bytes }: { file: string; bytes: Uint8Array }): Int16Array {
  try {
    const samples = toTelephoneRate(readWav(bytes));
    if (samples.length === 0) throw new WavError('it is empty');
    return samples;
  } catch (error) {
    if (error instanceof WavError) throw new PromptError(`The prompt ${file} cannot be used: ${error.message}`);
    throw error;
  }
}
