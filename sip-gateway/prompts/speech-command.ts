import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWav, type Recording, WavError } from './wav.ts';

/** An operator's text-to-speech program with its arguments, the first of which names it. */
export type SpeechCommand = readonly [string, ...string[]];

/** No name takes longer to speak, and a call waits for it. Milliseconds. */
const TIME_LIMIT = 10_000;
/** 40 seconds at 48 kHz, 16 bits. */
const MAX_BYTES = 2 ** 22;

/** Why nothing was spoken; never the text, nor what the program said about it. */
export class SpeechError extends Error {
  override readonly name = 'SpeechError';
  readonly reason: 'not-started' | 'failed' | 'timed-out' | 'too-long' | 'no-sound';

  constructor(reason: SpeechError['reason'], detail: string) {
    super(`The speech command ${detail}`);
    this.reason = reason;
  }
}

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

export interface SpeechOptions {
  readonly text: string;
  /** BCP 47. */
  readonly locale: string;
  /** Milliseconds. */
  readonly timeLimit?: number;
  /** Lets the program's own complaints through to standard error: they may hold the text. */
  readonly showComplaints?: boolean;
}

/** Has a text spoken. Throws a SpeechError; leaves no file and no process behind. */
export async function speak(command: SpeechCommand, options: SpeechOptions): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), 'ringproof-speech-'));
  try {
    const file = join(folder, 'speech.wav');
    const written = await run(command, { file, ...options });
    return recordingOf(command.some((part) => part.includes('{file}')) ? await contentOf(file) : written);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the program writes to its standard output. */
async function run(command: SpeechCommand, options: SpeechOptions & { readonly file: string }): Promise<Buffer> {
  const { text, timeLimit = TIME_LIMIT, showComplaints = false } = options;
  // One pass: a text that holds {file} stays as it is.
  const [program = '', ...args] = command.map((part) =>
    part.replaceAll(/\{(text|file|locale)\}/g, (_, name: 'text' | 'file' | 'locale') => options[name]),
  );
  // A group of its own, so that a wrapper's children end with it: they would hold the output open.
  const complaints = showComplaints ? 'inherit' : 'ignore';
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', complaints], detached: true, windowsHide: true });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const giveUp = (error: SpeechError): void => {
      killGroup(child);
      reject(error);
    };
    const timer = setTimeout(() => giveUp(new SpeechError('timed-out', 'took too long')), timeLimit);
    child.on('error', (error) => {
      const why = 'code' in error ? String(error.code) : error.name;
      reject(new SpeechError('not-started', `could not be started (${why}): ${program}`));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) giveUp(tooLong());
      else chunks.push(chunk);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new SpeechError('failed', `ended with ${signal ?? `the status ${code}`}`));
    });
    // A program that does not read all of it has its reasons, and its exit status.
    child.stdin.on('error', () => {});
    child.stdin.end(command.some((part) => part.includes('{text}')) ? '' : text);
  });
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

async function contentOf(file: string): Promise<Buffer> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_BYTES) throw tooLong();
  if (size === 0) throw new SpeechError('no-sound', 'wrote nothing');
  return readFile(file);
}

function recordingOf(bytes: Uint8Array): Recording {
  try {
    return readWav(bytes);
  } catch (error) {
    if (error instanceof WavError) throw new SpeechError('no-sound', `wrote what cannot be used: ${error.message}`);
    throw error;
  }
}

function tooLong(): SpeechError {
  return new SpeechError('too-long', `wrote more than ${MAX_BYTES} bytes`);
}
