import { open } from 'node:fs/promises';
import { Coalesced } from './coalesced.ts';

/** Makes the names in a folder survive a power cut; renames that come together share one flush. */
export class FolderSync {
  readonly #flush: Coalesced;

  constructor(folder: string) {
    this.#flush = new Coalesced(async () => {
      const handle = await open(folder, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  async sync(): Promise<void> {
    await this.#flush.run();
  }
}
