import { open, readFile, rename, rm } from 'node:fs/promises';
import type { Adapter } from 'lowdb';
import { Coalesced } from './coalesced.ts';
import type { FolderSync } from './folder-sync.ts';
import { damaged, hasErrorCode, writeFailed } from './storage-error.ts';

export interface AtomicJsonFileOptions<T> {
  readonly file: string;
  /** Flushes the folder that the file is in. Without it a write may be undone until somebody flushes the folder. */
  readonly folder?: FolderSync;
  /** Says what is wrong with a document by throwing; its message must hold no stored value. */
  readonly decode: (json: unknown) => T;
  /** The JSON text of a document. */
  readonly stringify: (data: T) => string;
  /** A write failed and everyone who waited is being refused: `kept` is what the file still says. */
  readonly onLost?: (kept: T | undefined) => void;
}

/** Only the server's own user reads numbers. */
const PRIVATE = 0o600;

/**
 * A lowdb adapter whose file is always whole: a write goes to a temporary file, is flushed, takes the old file's
 * place in one step and is acknowledged after the folder is flushed too. lowdb's own JSONFile flushes nothing, so
 * what it acknowledged may be gone. Documents must not be changed in place after they were given to `write`.
 */
export class AtomicJsonFile<T> implements Adapter<T> {
  readonly #options: AtomicJsonFileOptions<T>;
  readonly #writes: Coalesced;
  #next: T | undefined;
  #kept: T | undefined;

  constructor(options: AtomicJsonFileOptions<T>) {
    this.#options = options;
    this.#writes = new Coalesced(
      async () => this.#replace(),
      () => options.onLost?.(this.#kept),
    );
  }

  /** Null when there is no file. @throws StorageError `damaged` */
  async read(): Promise<T | null> {
    const { file, decode } = this.#options;
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return null;
      throw error;
    }
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      // Without its cause: the parser's message quotes the text.
      throw damaged(file, 'not JSON');
    }
    try {
      this.#kept = decode(json);
    } catch (error) {
      throw damaged(file, error instanceof Error ? error.message : 'not a document of ours', error);
    }
    return this.#kept;
  }

  async write(data: T): Promise<void> {
    this.#next = data;
    await this.#writes.run();
  }

  /** Resolves when no write is under way. */
  async idle(): Promise<void> {
    await this.#writes.idle();
  }

  async #replace(): Promise<void> {
    const { file, folder, stringify } = this.#options;
    const data = this.#next;
    if (data === undefined) return;
    // Made now and not when the write was asked for: it covers every change until it starts.
    const text = stringify(data);
    const temporary = `${file}.tmp`;
    try {
      const handle = await open(temporary, 'w', PRIVATE);
      try {
        await handle.writeFile(`${text}\n`);
        await handle.sync();
        await rename(temporary, file);
      } finally {
        await handle.close();
      }
      await folder?.sync();
    } catch (error) {
      // A disk is not to stay full of what could not be written.
      await rm(temporary, { force: true }).catch(() => {});
      throw writeFailed(file, error);
    }
    this.#kept = data;
  }
}
