import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf, SpeechError } from './speech-error.ts';

const PREFIX = 'ringproof-speech-';
/** Longer than anything is spoken, also where a pack is rendered; milliseconds. */
const FORGOTTEN_AFTER = 600_000;

/** Gives work a folder for what a program speaks, which only we may read and which is gone after it. Throws a SpeechError. */
export async function inSpeechFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), PREFIX)).catch((error: unknown) => {
    throw new SpeechError('not-started', `has no folder to write into (${codeOf(error)}): ${tmpdir()}`);
  });
  try {
    return await work(folder);
  } finally {
    // A program that was just killed may still have written into it: the next sweep finds the rest.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

/**
 * Removes what processes that were killed have left: whom somebody pays is nobody else's business. `now` is in
 * milliseconds since the epoch.
 */
export async function sweepSpeechFolders(now: number): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX)).map(async (name) => sweep(join(tmpdir(), name), now)),
  );
}

async function sweep(folder: string, now: number): Promise<void> {
  try {
    const { mtimeMs } = await stat(folder);
    if (now - mtimeMs > FORGOTTEN_AFTER) await rm(folder, { recursive: true });
  } catch {
    // Another user's, or removed by another process meanwhile.
  }
}
