import { open, rm } from 'node:fs/promises';

/** As much as a page of the store: a disk may have room for a few bytes and for nothing of use. */
const PROBE = Buffer.alloc(64 * 1024);
/** /readyz may be asked by anybody as often as they like; the disk is asked this often. */
const GOOD_FOR = 2_000;

/** Finds out by doing it whether a store can write: a full or read-only disk reads as well as ever. */
export class WriteProbe {
  readonly #file: string;
  readonly #now: () => number;
  #latest: { readonly at: number; readonly result: Promise<void> } | undefined;

  /** @param file beside the store; made and removed. */
  constructor(file: string, now: () => number) {
    this.#file = file;
    this.#now = now;
  }

  /** @throws the system's error, such as ENOSPC. */
  async check(): Promise<void> {
    // Whichever way the clock was set meanwhile.
    if (!this.#latest || Math.abs(this.#now() - this.#latest.at) >= GOOD_FOR) {
      this.#latest = { at: this.#now(), result: this.#write() };
    }
    return this.#latest.result;
  }

  async #write(): Promise<void> {
    try {
      const handle = await open(this.#file, 'w', 0o600);
      try {
        await handle.writeFile(PROBE);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } finally {
      await rm(this.#file, { force: true });
    }
  }
}
