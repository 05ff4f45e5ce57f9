import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { doubtsAbout } from '../recording-check.ts';
import { readSpeechCommand, speak, type SpeechCommand } from '../speech-command.ts';
import { SpeechError } from '../speech-error.ts';
import type { PromptName } from '../prompt-name.ts';
import { isLocale } from '../prompt-folder.ts';
import { readWav, WavError } from '../wav.ts';
import { WORD_LIST } from '../word-list.ts';
import { LinesError, ourTexts, readTexts, wordsOf } from './own-lines.ts';
import { promptOf } from './render.ts';

/** A neural voice on a slow machine takes a while for its first word. Milliseconds. */
const TIME_LIMIT = 120_000;

const USAGE = `Usage: npm run prompts                     renders the packs of this repository
       npm run prompts -- --print-lines en
       npm run prompts -- --locale it --command 'COMMAND' --out FOLDER [--lines FILE]

  --print-lines TAG   what our pack of this language says, as JSON
  --locale TAG        the language of the pack
  --lines FILE        what it says, as JSON (default: what ours says)
  --command 'COMMAND' a text-to-speech program with its arguments; {text}, {file} and {locale} are filled in. Without
                      {text} it reads the text from its standard input, without {file} it writes a WAV to its output
  --out FOLDER        the recordings become FOLDER/TAG/<prompt>.wav, for RINGPROOF_PROMPTS_DIR, and what word-0 to
                      word-31 say FOLDER/TAG/words.txt, for the page
`;

export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** An operator's own pack, by any speech program. Returns the exit code. */
export async function renderOwnPack(args: readonly string[], { stdout, stderr }: Output): Promise<number> {
  try {
    const options = readOptions(args);
    if ('printLines' in options) {
      stdout.write(`${JSON.stringify(Object.fromEntries(ourTexts(options.printLines)), undefined, 2)}\n`);
      return 0;
    }
    const { locale, lines, command, out } = options;
    const texts = lines === undefined ? ourTexts(locale) : readTexts(await readFile(lines, 'utf8'), locale);
    const folder = join(out, locale);
    await mkdir(folder, { recursive: true });
    for (const [name, text] of texts) {
      const { prompt, doubts } = await rendered(name, { command, text, locale });
      await writeFile(join(folder, `${name}.wav`), prompt);
      for (const doubt of doubts) stderr.write(`${name}: ${doubt}\n`);
    }
    const words = wordsOf(texts, locale);
    if (words) await writeFile(join(folder, WORD_LIST), `${words.join('\n')}\n`);
    stdout.write(`${folder}: ${texts.size} prompts. Use them with RINGPROOF_PROMPTS_DIR=${out}\n`);
    return 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}

interface Spoken {
  readonly command: SpeechCommand;
  readonly text: string;
  readonly locale: string;
}

async function rendered(name: PromptName, { command, text, locale }: Spoken) {
  try {
    const recording = await speak(command, { text, locale, timeLimit: TIME_LIMIT, complaints: 'shown' });
    const loudest = recording.samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
    if (loudest === 0) throw new WavError('it is silent');
    const prompt = promptOf(recording);
    return { prompt, doubts: doubtsAbout(name, readWav(prompt).samples) };
  } catch (error) {
    if (!(error instanceof SpeechError || error instanceof WavError)) throw error;
    const why = error instanceof WavError ? `The recording cannot be used: ${error.message}` : error.message;
    throw new LinesError(`The prompt "${name}" could not be rendered. ${why}`, { cause: error });
  }
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'print-lines': { type: 'string' },
      locale: { type: 'string' },
      lines: { type: 'string' },
      command: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { 'print-lines': printLines, locale, lines, command, out } = values;
  if (printLines !== undefined) return { printLines };
  if (locale === undefined || command === undefined || out === undefined) throw new LinesError(USAGE);
  if (!isLocale(locale)) throw new LinesError(`--locale is a language tag such as it or pt-PT, not "${locale}"`);
  const parts = readSpeechCommand(command);
  if (!parts) throw new LinesError(`--command is a program and its arguments, not ${JSON.stringify(command)}`);
  return { locale, lines, out, command: parts };
}

/** What whoever typed the command can mend: arguments, files, the program. */
function isExpected(error: unknown): error is Error {
  return error instanceof LinesError || (error instanceof Error && 'code' in error);
}
