import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { nearestName } from './nearest-name.ts';
import { PromptError } from './prompt-error.ts';
import { isPhrase, PROMPT_NAMES } from './prompt-name.ts';

/** A language tag (RFC 5646); other folders, such as lost+found, are none of ours. */
const LOCALE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
const AUDIO = new Set([
  '.wav',
  '.wave',
  '.mp3',
  '.ogg',
  '.oga',
  '.opus',
  '.flac',
  '.m4a',
  '.aac',
  '.aif',
  '.aiff',
  '.gsm',
  '.raw',
]);

export function isLocale(tag: string): boolean {
  return LOCALE.test(tag) && usualCase(tag) !== undefined;
}

/** The recordings of one language. */
export interface LocaleFolder {
  /** BCP 47, in the usual letter case. */
  readonly locale: string;
  readonly path: string;
}

/** The languages in a folder of packs. Throws a PromptError where two folders are one language, such as en and EN. */
export async function localesIn(folder: string): Promise<readonly LocaleFolder[]> {
  const found = new Map<string, LocaleFolder>();
  for (const entry of await entriesOf(folder)) {
    const locale = isLocale(entry.name) ? usualCase(entry.name) : undefined;
    if (locale === undefined || !entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    const twin = found.get(locale);
    if (twin) throw new PromptError(`The folders ${twin.path} and ${path} are of one language: make them one`);
    found.set(locale, { locale, path });
  }
  return [...found.values()];
}

/** RFC 5646 §2.1.1: pt-BR, zh-Hant. Undefined for a tag such as en-old, which no page could name. */
function usualCase(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** What in an operator's folder would never be played, in words: a recording that has no prompt's name is a mistake. */
export async function misplacedIn(folder: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() && isAudio(entry.name)) {
      problems.push(`${path} lies beside the languages: move it to ${join(folder, 'en', entry.name)}`);
    }
    if (!entry.isDirectory()) continue;
    const names = (await entriesOf(path)).map(({ name }) => name).filter(isAudio);
    if (isLocale(entry.name)) problems.push(...names.flatMap((name) => misnamed(join(path, name), name)));
    else if (names.length > 0) problems.push(`The folder ${path} is not named after a language, such as en or pt-BR`);
  }
  return problems;
}

function misnamed(path: string, file: string): readonly string[] {
  const extension = extname(file);
  const name = file.slice(0, -extension.length);
  const isPrompt = PROMPT_NAMES.some((prompt) => prompt === name);
  if (isPrompt && extension === '.wav') return [];
  if (isPrompt) {
    return [`${path} is not read: prompts are WAV files, ${name}.wav (ffmpeg -i ${file} -ar 16000 -ac 1 ${name}.wav)`];
  }
  const nearest = nearestName(name, PROMPT_NAMES);
  const hint =
    nearest === undefined
      ? `the phrases are ${PROMPT_NAMES.filter(isPhrase).join(', ')}`
      : `did you mean ${nearest}.wav?`;
  return [`There is no prompt "${name}" (${path}): ${hint}`];
}

function isAudio(file: string): boolean {
  return AUDIO.has(extname(file).toLowerCase());
}

async function entriesOf(folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    throw new PromptError(`The folder of prompt packs cannot be read: ${folder}`);
  }
}
