import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { codeOf, SpeechError } from './speech-error.ts';

/** 40 seconds at 48 kHz, 16 bits. */
export const MAX_BYTES = 2 ** 22;
/** What an operator reads of a program's complaints; characters. */
const COMPLAINTS_READ = 500;

export interface RunOptions {
  /** For its standard input. */
  readonly input: string;
  /** Milliseconds. */
  readonly timeLimit: number;
  /**
   * What it writes to standard error may hold the text: it is dropped (the default), goes to ours, or is told in the
   * SpeechError.
   */
  readonly complaints?: 'dropped' | 'shown' | 'told' | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Told when its process group begins and when it has ended. */
  readonly onGroup?: ((group: number, runs: boolean) => void) | undefined;
}

/** What a program has left. */
interface Ended {
  /** What it wrote to its standard output. */
  readonly output: Buffer;
  /** The end of a sentence, where they are `told`; or nothing. */
  readonly complaints: string;
}

/**
 * Runs a program until it ends. It has a process group of its own, so that a wrapper's
 * children end with it: they would hold the output open. Throws a SpeechError.
 */
export async function runSpeechProgram(
  [program, ...args]: readonly [string, ...string[]],
  { input, timeLimit, complaints = 'dropped', signal, onGroup = () => {} }: RunOptions,
): Promise<Ended> {
  if (signal?.aborted) throw stopped();
  const { child, pid } = await started(program, args);
  onGroup(pid, true);
  if (complaints === 'shown') child.stderr.pipe(process.stderr, { end: false });
  const heard = firstOf(child.stderr);
  const told = (): string => (complaints === 'told' ? heard() : '');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const giveUp = (error: SpeechError): void => {
      killGroup({ child, pid });
      reject(error);
    };
    const stop = (): void => giveUp(stopped());
    const timer = setTimeout(() => giveUp(tookTooLong(told())), timeLimit);
    signal?.addEventListener('abort', stop);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) giveUp(tooLong());
      else chunks.push(chunk);
    });
    child.on('close', (code, killedBy) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      onGroup(pid, false);
      if (code === 0) resolve({ output: Buffer.concat(chunks), complaints: told() });
      else reject(new SpeechError('failed', `ended with ${killedBy ?? `the status ${code}`}${told()}`));
    });
    // A program that does not read all of it has its reasons, and its exit status.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly pid: number;
}

async function started(program: string, args: readonly string[]): Promise<Started> {
  try {
    const child = spawn(program, args, { detached: true, windowsHide: true });
    const { pid } = child;
    if (pid !== undefined) return { child, pid };
    // Without a process there may be no streams either: where there are no more files to be opened.
    const [error]: unknown[] = await once(child, 'error');
    throw error;
  } catch (error) {
    throw new SpeechError('not-started', `could not be started (${codeOf(error)}): ${program}`);
  }
}

/** The beginning of what is written to a stream, as the end of a sentence. */
function firstOf(stream: Readable): () => string {
  let text = '';
  stream.on('data', (part: Buffer) => {
    text = (text + part.toString('utf8')).slice(0, COMPLAINTS_READ);
  });
  return () => {
    const line = text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
    return line === '' ? '' : `, and printed: ${line}`;
  };
}

function stopped(): SpeechError {
  return new SpeechError('stopped', 'was stopped');
}

function tookTooLong(complaints: string): SpeechError {
  return new SpeechError('timed-out', `took too long${complaints}`);
}

export function tooLong(): SpeechError {
  return new SpeechError('too-long', `wrote more than ${MAX_BYTES} bytes`);
}

function killGroup({ child, pid }: Started): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
