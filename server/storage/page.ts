import { Low } from 'lowdb';
import { AtomicJsonFile } from './atomic-json-file.ts';
import type { Stored } from './change.ts';
import { decodePage, stringifyPage, type PageDocument } from './documents.ts';
import { missing } from './storage-error.ts';

/** Small enough to rewrite in a moment, large enough that 10,000 verifications are some hundred files. */
const PAGE_CAPACITY = 64;

/** Some verifications that were made one after another, in one lowdb document that follows what the journal has. */
export class Page {
  readonly number: number;
  readonly file: string;
  readonly #adapter: AtomicJsonFile<PageDocument>;
  /** What the file says. */
  readonly #low: Low<PageDocument>;
  readonly #stored = new Map<string, Stored>();
  #isWritten = false;
  #isDirty = false;

  constructor(number: number, file: string) {
    this.number = number;
    this.file = file;
    // Its folder is flushed once for all pages that are written together.
    this.#adapter = new AtomicJsonFile({ file, decode: decodePage, stringify: stringifyPage });
    this.#low = new Low<PageDocument>(this.#adapter, []);
  }

  /** @throws StorageError `missing` or `damaged` */
  async read(): Promise<void> {
    const document = await this.#adapter.read();
    if (!document) throw missing(this.file);
    this.#low.data = document;
    for (const stored of document) this.#stored.set(stored.verification.id, stored);
    this.#isWritten = true;
  }

  get stored(): Iterable<Stored> {
    return this.#stored.values();
  }

  get isFull(): boolean {
    return this.#stored.size >= PAGE_CAPACITY;
  }

  get isEmpty(): boolean {
    return this.#stored.size === 0;
  }

  /** Of its file, once it is written. */
  get bytes(): number {
    return Buffer.byteLength(stringifyPage([...this.#stored.values()]));
  }

  /** Whether there is a file of it. */
  get isWritten(): boolean {
    return this.#isWritten;
  }

  /** Whether its file says something else. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  get(id: string): Stored | undefined {
    return this.#stored.get(id);
  }

  /** Adds a verification, or takes the place of its older revision. */
  put(stored: Stored): void {
    this.#stored.set(stored.verification.id, stored);
    this.#isDirty = true;
  }

  drop(id: string): void {
    this.#stored.delete(id);
    this.#isDirty = true;
  }

  /** What changes while it is being written waits for the next time. */
  async write(): Promise<void> {
    this.#isDirty = false;
    this.#low.data = [...this.#stored.values()];
    try {
      await this.#low.write();
      this.#isWritten = true;
    } catch (error) {
      this.#isDirty = true;
      throw error;
    }
  }
}
