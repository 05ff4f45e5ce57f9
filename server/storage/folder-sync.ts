import { open, type FileHandle } from 'node:fs/promises';
import { Coalesced } from './coalesced.ts';

/** Makes the names in a folder survive a power cut; renames that come together share one flush. */
export class FolderSync {
  readonly #folder: string;
  readonly #flush = new Coalesced(async () => this.#sync());
  #handle: FileHandle | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async sync(): Promise<void> {
    // Windows cannot open a folder; its file system writes names in order without being asked.
    if (process.platform !== 'win32') await this.#flush.run();
  }

  /** Harmless when called twice. */
  async close(): Promise<void> {
    await this.#flush.idle();
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #sync(): Promise<void> {
    // Kept open: a store flushes hundreds of times a second.
    this.#handle ??= await open(this.#folder, 'r');
    await this.#handle.sync();
  }
}
