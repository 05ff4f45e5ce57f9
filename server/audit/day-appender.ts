import { open, type FileHandle } from 'node:fs/promises';

/** Only the server's own user reads who asked for what. */
const PRIVATE = 0o600;

/** Writes whole lines at the end of the newest day's file, and flushes them. */
export class DayAppender {
  #file: string | undefined;
  /** The whole lines of it, in bytes; undefined as long as nobody has looked. */
  #size: number | undefined;
  /** Behind them may stand half a text that the disk has refused the rest of. */
  #isTorn = false;

  constructor(newest: string | undefined) {
    this.#file = newest;
  }

  /**
   * Lines stand in the order in which they came, also where the clock was set back over midnight: the file is that of
   * today, or a newer one where there is one.
   * @param textOf is told whether the file is empty
   */
  async append(today: string, textOf: (isEmpty: boolean) => string): Promise<void> {
    const file = this.#file !== undefined && (this.#file > today || this.#isTorn) ? this.#file : today;
    const handle = await open(file, 'a', PRIVATE);
    try {
      const size = await this.#lookAt(file, handle);
      const text = textOf(size === 0);
      await this.#write(text, handle);
      this.#size = size + Buffer.byteLength(text);
    } finally {
      await handle.close();
    }
  }

  async #lookAt(file: string, handle: FileHandle): Promise<number> {
    if (this.#isTorn) await handle.truncate(this.#size);
    this.#isTorn = false;
    const size = file === this.#file ? this.#size : undefined;
    this.#file = file;
    this.#size = size ?? (await handle.stat()).size;
    return this.#size;
  }

  async #write(text: string, handle: FileHandle): Promise<void> {
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch (error) {
      // The next try must not come after half a line.
      await handle.truncate(this.#size).catch(() => {
        this.#isTorn = true;
      });
      throw error;
    }
  }
}
