import { dirname } from 'node:path';
import { AtomicJsonFile } from './atomic-json-file.ts';
import { FolderSync } from './folder-sync.ts';
import { makeFolder } from './make-folder.ts';

/** One document that is read and replaced as a whole. */
export interface KeptJson<T> {
  /** Null when there is none yet. */
  read(): Promise<T | null>;
  /** Resolves when the document cannot be lost any more. It must not be changed in place afterwards. */
  write(document: T): Promise<void>;
  close(): Promise<void>;
}

/**
 * A document in a file of its own beside the store, readable by its owner only; in memory when there is no file.
 * @throws StorageError `damaged` from `read` when `decode` refuses what the file says
 */
export async function keepJson<T>(file: string | undefined, decode: (json: unknown) => T): Promise<KeptJson<T>> {
  if (file === undefined) return new InMemory<T>();
  await makeFolder(dirname(file));
  const folder = new FolderSync(dirname(file));
  const kept = new AtomicJsonFile<T>({ file, folder, decode, stringify: (data) => JSON.stringify(data) });
  return {
    read: async () => kept.read(),
    write: async (document) => kept.write(document),
    close: async () => {
      await kept.idle();
      await folder.close();
    },
  };
}

class InMemory<T> implements KeptJson<T> {
  #document: T | null = null;

  async read(): Promise<T | null> {
    return this.#document;
  }

  async write(document: T): Promise<void> {
    this.#document = document;
  }

  async close(): Promise<void> {}
}
