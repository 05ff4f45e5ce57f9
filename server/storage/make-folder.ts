import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FolderSync } from './folder-sync.ts';

/**
 * Makes a folder and those above it that are missing, for their owner only. Not by Node's own `recursive`: where a file
 * system has no room for a name, as /proc, that tries for ever and keeps the process from ending.
 * @throws the system's error, such as EACCES
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  try {
    await mkdir(path, 0o700);
    await keepNamesIn(parent);
  } catch (error) {
    // Somebody else was as quick.
    if (!(await isFolder(path))) throw error;
  }
}

/** Or a power cut takes a new folder with all that was flushed in it. */
async function keepNamesIn(folder: string): Promise<void> {
  const names = new FolderSync(folder);
  try {
    await names.sync();
  } finally {
    await names.close();
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
