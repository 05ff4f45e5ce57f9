import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'ringproof-speech-';
/** Longer than anything is spoken, also where a pack is rendered; milliseconds. */
const FORGOTTEN_AFTER = 600_000;

/** A folder for what a program speaks, which only we may read. Whoever asks for it removes it. */
export async function makeSpeechFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), PREFIX));
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
