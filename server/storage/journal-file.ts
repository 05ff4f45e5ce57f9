import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { FolderSync } from './folder-sync.ts';
import { writeFailed } from './storage-error.ts';

export interface JournalFileOptions {
  readonly number: number;
  readonly path: string;
  /** The number of the first frame in it. */
  readonly first: number;
  /** Flushes the folder that the file is in. */
  readonly folder: FolderSync;
}

/** Only the server's own user reads numbers. */
const PRIVATE = 0o600;
const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_DSYNC } = constants;
/** Linux flushes what is written, and the file's new length, in the same step; elsewhere that is asked for. */
const FLUSHES_ITSELF = process.platform === 'linux';
const FLAGS = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | (FLUSHES_ITSELF ? O_DSYNC : 0);

/**
 * A file that is written at its end only. What could not be written whole is cut off again, so that what was refused
 * does not come back after a restart.
 */
export class JournalFile {
  readonly number: number;
  readonly path: string;
  readonly first: number;
  readonly #folder: FolderSync;
  #handle: FileHandle | undefined;
  #size = 0;
  /** The root may name it: from now on it has to be there. */
  #isNamed = false;
  /** The root does name it, whatever happens to the machine. */
  #isSafe = false;
  /** Something that was refused stands at the end. */
  #isTorn = false;

  constructor({ number, path, first, folder }: JournalFileOptions) {
    this.number = number;
    this.path = path;
    this.first = first;
    this.#folder = folder;
  }

  /** Bytes that were acknowledged. */
  get size(): number {
    return this.#size;
  }

  /**
   * Resolves when the frame cannot be lost any more.
   * @param name makes the root name this file; asked for with the first frame only
   */
  async append(frame: Buffer, name: () => Promise<void>): Promise<void> {
    try {
      const handle = await this.#opened();
      await handle.appendFile(frame);
      if (!FLUSHES_ITSELF) await handle.datasync();
      if (!this.#isSafe) {
        await this.#folder.sync();
        this.#isNamed = true;
        await name();
        this.#isSafe = true;
      }
      this.#size += frame.length;
    } catch (error) {
      this.#isTorn = true;
      await this.#cut().catch(() => {});
      throw writeFailed(this.path, error);
    }
  }

  /** Cuts off what was refused, where that has not worked yet. @throws VerificationError `storage_unavailable` */
  async mend(): Promise<void> {
    await this.#cut().catch((error: unknown) => {
      throw writeFailed(this.path, error);
    });
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  async #opened(): Promise<FileHandle> {
    await this.#cut();
    this.#handle ??= await open(this.path, FLAGS, PRIVATE);
    return this.#handle;
  }

  async #cut(): Promise<void> {
    if (!this.#isTorn) return;
    if (this.#isNamed) {
      await this.#handle?.truncate(this.#size);
      await this.#handle?.datasync();
    } else {
      await this.remove();
    }
    this.#isTorn = false;
  }
}
