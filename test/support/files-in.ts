import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FoundFile {
  /** From the folder on. */
  readonly path: string;
  readonly text: string;
}

/**
 * Every file under a folder, of a server that may be writing: a file that was replaced between two looks is looked
 * for again, so that none is missed.
 */
export async function filesIn(folder: string): Promise<readonly FoundFile[]> {
  for (;;) {
    try {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return await Promise.all(
        files.map(async (file) => ({ path: file.slice(folder.length + 1), text: await readFile(file, 'utf8') })),
      );
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}
