import { dirname } from 'node:path';
import { Low } from 'lowdb';
import { AtomicJsonFile } from './atomic-json-file.ts';
import { decodeRoot, stringifyRoot, type JournalName, type RootDocument } from './documents.ts';
import { FolderSync } from './folder-sync.ts';

const EMPTY: RootDocument = { pages: [], journals: [] };

/** The list of the files that make up a store. What is not on it does not exist. */
export class RootFile {
  readonly file: string;
  readonly #folder: FolderSync;
  readonly #adapter: AtomicJsonFile<RootDocument>;
  readonly #low: Low<RootDocument>;

  constructor(file: string) {
    this.file = file;
    this.#folder = new FolderSync(dirname(file));
    this.#adapter = new AtomicJsonFile({
      file,
      folder: this.#folder,
      decode: decodeRoot,
      stringify: stringifyRoot,
      onLost: (kept) => {
        this.#low.data = kept ?? EMPTY;
      },
    });
    this.#low = new Low<RootDocument>(this.#adapter, EMPTY);
  }

  /** Whether there is one. @throws StorageError `damaged` */
  async read(): Promise<boolean> {
    const document = await this.#adapter.read();
    if (document) this.#low.data = document;
    return document !== null;
  }

  get document(): RootDocument {
    return this.#low.data;
  }

  /** Begins a store of nothing. */
  async begin(): Promise<void> {
    await this.#low.write();
  }

  /** Resolves when this file of the journal cannot be overlooked any more. */
  async name({ number, first }: JournalName): Promise<void> {
    const { pages, journals } = this.document;
    await this.#write({ pages, journals: [...journals.filter((each) => each.number !== number), { number, first }] });
  }

  /** Resolves when these are the pages, and have what these files of the journal said. */
  async follow(pages: readonly number[], written: readonly JournalName[]): Promise<void> {
    const numbers = new Set(written.map(({ number }) => number));
    await this.#write({ pages, journals: this.document.journals.filter(({ number }) => !numbers.has(number)) });
  }

  async #write(document: RootDocument): Promise<void> {
    this.#low.data = document;
    await this.#low.write();
  }

  async close(): Promise<void> {
    await this.#adapter.idle();
    await this.#folder.close();
  }
}
