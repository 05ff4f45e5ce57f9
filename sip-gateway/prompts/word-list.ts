import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SHARED_WORD_COUNT } from '../../server/verification/shared-words.ts';
import { PromptError } from './prompt-error.ts';
import { WORD_NAMES } from './prompt-name.ts';

/** The words of a language, one a line: what word-0.wav says, what word-1.wav says, and so on. */
export const WORD_LIST = 'words.txt';

/** Longer than any word that a page shows and a call says. */
const MAX_LENGTH = 30;

/** The word list that lies in the folder of a language; undefined where there is none. Throws a PromptError. */
export async function readWordList(folder: string): Promise<readonly string[] | undefined> {
  const file = join(folder, WORD_LIST);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new PromptError(`The words ${file} cannot be read`, { cause: error });
  });
  return text === undefined ? undefined : parseWordList(text, file);
}

/** What a word list is wrong in is said with the line that it stands on. */
function parseWordList(text: string, file: string): readonly string[] {
  const lines = text
    .normalize('NFC')
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const words = lines.map((line) => line.trim());
  const known = new Map<string, number>();
  for (const [place, word] of words.entries()) {
    const where = `The words ${file}: line ${place + 1}`;
    if (!isWord(word)) throw new PromptError(`${where} has to be a word of at most ${MAX_LENGTH} characters`);
    const twin = known.get(word.toLowerCase());
    if (twin !== undefined) throw new PromptError(`${where} is the same as line ${twin + 1}; each word is another`);
    known.set(word.toLowerCase(), place);
  }
  if (words.length !== SHARED_WORD_COUNT) {
    const last = WORD_NAMES.at(-1) ?? '';
    throw new PromptError(
      `The words ${file}: there have to be ${SHARED_WORD_COUNT} lines, what word-0.wav to ${last}.wav say, and there are ${words.length}`,
    );
  }
  return words;
}

/** What a page can show in one line. */
function isWord(line: string): boolean {
  return new RegExp(String.raw`^[^\p{Cc}]{1,${MAX_LENGTH}}$`, 'u').test(line) && /\p{L}/u.test(line);
}
