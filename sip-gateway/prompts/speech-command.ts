import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SpeechError } from './speech-error.ts';
import { inSpeechFolder } from './speech-folder.ts';
import { MAX_BYTES, type RunOptions, runSpeechProgram, tooLong } from './speech-process.ts';
import { readWav, type Recording, WavError } from './wav.ts';

/** An operator's text-to-speech program with its arguments, the first of which names it. */
export type SpeechCommand = readonly [string, ...string[]];

/**
 * A command line such as `espeak-ng -b 1 -v {locale} -w {file} {text}`, taken apart at spaces; quotes hold an
 * argument together, and no shell ever sees it. Without `{text}` the program reads the text from its standard input,
 * without `{file}` it writes the recording to its standard output. Undefined for what is no such line.
 */
export function readSpeechCommand(line: string): SpeechCommand | undefined {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+|["']/g) ?? [];
  const [program, ...args] = words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
  if (program === undefined || program === '' || words.some((word) => /^["']$/.test(word))) return undefined;
  return [program, ...args];
}

export interface SpeechOptions extends Omit<RunOptions, 'input'> {
  readonly text: string;
  /** BCP 47. */
  readonly locale: string;
}

/** Has a text spoken. Throws a SpeechError; leaves no file and no process behind. */
export async function speak(command: SpeechCommand, { text, locale, ...options }: SpeechOptions): Promise<Recording> {
  return inSpeechFolder(async (folder) => {
    const file = join(folder, 'speech.wav');
    const input = names(command, '{text}') ? '' : text;
    const run = await runSpeechProgram(filledIn(command, { text, locale, file }), { ...options, input });
    return recordingOf(names(command, '{file}') ? await contentOf(file) : run.output, run.complaints);
  });
}

function names(command: SpeechCommand, what: '{text}' | '{file}'): boolean {
  return command.some((part) => part.includes(what));
}

type Blanks = Readonly<Record<'text' | 'file' | 'locale', string>>;

/** One pass: a text that holds {file} stays as it is. */
function filledIn([program, ...args]: SpeechCommand, blanks: Blanks): SpeechCommand {
  const fillIn = (part: string): string =>
    part.replaceAll(/\{(text|file|locale)\}/g, (_, name: keyof Blanks) => blanks[name]);
  return [fillIn(program), ...args.map(fillIn)];
}

/** Empty where the program has written none. */
async function contentOf(file: string): Promise<Buffer> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_BYTES) throw tooLong();
  return size === 0 ? Buffer.alloc(0) : readFile(file);
}

function recordingOf(bytes: Uint8Array, complaints: string): Recording {
  if (bytes.length === 0) throw new SpeechError('no-sound', `wrote nothing${complaints}`);
  try {
    return readWav(bytes);
  } catch (error) {
    if (error instanceof WavError) {
      throw new SpeechError('no-sound', `wrote what cannot be used: ${error.message}${complaints}`);
    }
    throw error;
  }
}
