import { Low } from 'lowdb';
import type { Verification } from '../verification/verification.ts';
import { AtomicJsonFile } from './atomic-json-file.ts';
import { decodePage, stringifyPage, type PageDocument } from './documents.ts';
import type { FolderSync } from './folder-sync.ts';
import { StorageError } from './storage-error.ts';

/** Small enough to rewrite in a moment, large enough that 10,000 verifications are some hundred files. */
const PAGE_CAPACITY = 64;

export interface PageOptions {
  readonly number: number;
  readonly file: string;
  readonly folder: FolderSync;
  /** A write failed: the page says again what its file says (nothing, if it has none); `lost` is what it said until then. */
  readonly onLost: (page: Page, lost: readonly Verification[]) => void;
}

/** Some verifications that were made one after another, in one lowdb document. */
export class Page {
  readonly number: number;
  readonly file: string;
  readonly #adapter: AtomicJsonFile<PageDocument>;
  readonly #low: Low<PageDocument>;
  #isWritten = false;

  constructor({ number, file, folder, onLost }: PageOptions) {
    this.number = number;
    this.file = file;
    this.#adapter = new AtomicJsonFile({
      file,
      folder,
      decode: decodePage,
      stringify: stringifyPage,
      onLost: (kept) => {
        const lost = this.verifications;
        this.#isWritten = kept !== undefined;
        this.#low.data = kept ?? { verifications: [] };
        onLost(this, lost);
      },
    });
    this.#low = new Low<PageDocument>(this.#adapter, { verifications: [] });
  }

  /** @throws StorageError `missing` or `damaged` */
  async read(): Promise<void> {
    const document = await this.#adapter.read();
    if (document) {
      this.#low.data = document;
      this.#isWritten = true;
      return;
    }
    const { file } = this;
    throw new StorageError('missing', `${file} is missing: restore it from a copy, or the verifications in it`, {
      file,
    });
  }

  get verifications(): readonly Verification[] {
    return this.#low.data.verifications;
  }

  /** False while no file of it is known to be there. */
  get isWritten(): boolean {
    return this.#isWritten;
  }

  get isFull(): boolean {
    return this.verifications.length >= PAGE_CAPACITY;
  }

  /** Adds a verification or takes the place of its older revision: at once in memory, and resolves when on disk. */
  async put(verification: Verification): Promise<void> {
    const at = this.verifications.findIndex(({ id }) => id === verification.id);
    await this.keep(at === -1 ? [...this.verifications, verification] : this.verifications.with(at, verification));
  }

  async keep(verifications: readonly Verification[]): Promise<void> {
    // A new document each time: the adapter remembers the one it wrote last, to go back to it.
    this.#low.data = { verifications };
    await this.#low.write();
    this.#isWritten = true;
  }

  async idle(): Promise<void> {
    await this.#adapter.idle();
  }
}
