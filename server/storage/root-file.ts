import { dirname } from 'node:path';
import { Low } from 'lowdb';
import { AtomicJsonFile } from './atomic-json-file.ts';
import { decodeRoot, stringifyRoot, type RootDocument } from './documents.ts';
import { FolderSync } from './folder-sync.ts';

/** The list of the pages that make up a store. A page that is not on it does not exist. */
export class RootFile {
  readonly file: string;
  readonly #folder: FolderSync;
  readonly #adapter: AtomicJsonFile<RootDocument>;
  readonly #low: Low<RootDocument>;

  /** @param onLost a write failed; the list says again what is on disk. */
  constructor(file: string, onLost: () => void) {
    this.file = file;
    this.#folder = new FolderSync(dirname(file));
    this.#adapter = new AtomicJsonFile({
      file,
      folder: this.#folder,
      decode: decodeRoot,
      stringify: stringifyRoot,
      onLost: (kept) => {
        this.#low.data = kept ?? { pages: [] };
        onLost();
      },
    });
    this.#low = new Low<RootDocument>(this.#adapter, { pages: [] });
  }

  /** Whether there is one. @throws StorageError `damaged` */
  async read(): Promise<boolean> {
    const document = await this.#adapter.read();
    if (document) this.#low.data = document;
    return document !== null;
  }

  get pages(): readonly number[] {
    return this.#low.data.pages;
  }

  async add(page: number): Promise<void> {
    // Pages begun together may be written in another order.
    this.#low.data = { pages: [...this.pages, page].toSorted((a, b) => a - b) };
    await this.#low.write();
  }

  async remove(pages: ReadonlySet<number>): Promise<void> {
    this.#low.data = { pages: this.pages.filter((page) => !pages.has(page)) };
    await this.#low.write();
  }

  /** Begins a store without pages. */
  async begin(): Promise<void> {
    await this.#low.write();
  }

  async close(): Promise<void> {
    await this.#adapter.idle();
    await this.#folder.close();
  }
}
