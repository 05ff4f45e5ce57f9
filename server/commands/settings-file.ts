import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../config-error.ts';
import { hasErrorCode } from '../storage/storage-error.ts';

const MIB = 1024 * 1024;
/** No list of numbers and no rate deck is as long; /dev/zero is. */
const LONGEST = 64 * MIB;
/** Milliseconds: what comes through a pipe may come from a program that decrypts it. */
const PATIENCE = 10_000;
const LOOK_AGAIN_AFTER = 20;
/** Or opening a pipe that nobody writes to would take a thread for good. Windows has no such pipes. */
const FLAGS = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);

/**
 * The text of a file that a setting names; a pipe (`<(sops -d trunks.json)`) is read to its end.
 * @param patience milliseconds until a pipe has been read
 * @throws ConfigError which says why it cannot be read
 */
export async function readSettingsFile(name: string, path: string, patience = PATIENCE): Promise<string> {
  try {
    const handle = await open(path, FLAGS);
    try {
      // Some editors of Windows begin a file with a mark.
      return (await contentOf(handle, patience)).toString('utf8').replace(/^\uFEFF/, '');
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable({ name, path }, error);
  }
}

interface NamedFile {
  /** Of the setting. */
  readonly name: string;
  readonly path: string;
  readonly expected?: string;
}

export function unreadable(
  { name, path, expected = 'a file that can be read' }: NamedFile,
  error: unknown,
): ConfigError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const why = code ?? (error instanceof Error ? error.message : 'a fault');
  return new ConfigError([{ name, expected, got: `${JSON.stringify(path)} (${why})` }]);
}

async function contentOf(handle: FileHandle, patience: number): Promise<Buffer> {
  const isPipe = (await handle.stat()).isFIFO();
  const giveUpAt = performance.now() + patience;
  const parts: Buffer[] = [];
  for (let size = 0; ;) {
    const part = await nextPart(handle);
    // Nobody may have opened it for writing yet.
    const isToCome = part === undefined || (part.length === 0 && isPipe && size === 0);
    if (!isToCome && part.length === 0) return Buffer.concat(parts);
    if (performance.now() > giveUpAt) throw new Error(`not read in ${patience / 1_000} s`);
    if (isToCome) {
      await sleep(LOOK_AGAIN_AFTER);
      continue;
    }
    size += part.length;
    if (size > LONGEST) throw new Error(`longer than ${LONGEST / MIB} MiB`);
    parts.push(part);
  }
}

/** Empty at the end; undefined while a pipe that is open for writing has nothing. */
async function nextPart(handle: FileHandle): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (hasErrorCode(error, 'EAGAIN')) return undefined;
    throw error;
  }
}
