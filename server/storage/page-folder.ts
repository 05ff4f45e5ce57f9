import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verification } from '../verification/verification.ts';
import { FolderSync } from './folder-sync.ts';
import { Page } from './page.ts';
import { RootFile } from './root-file.ts';
import { StorageError } from './storage-error.ts';

/** A write failed: what the page said in memory is gone, and what is on disk counts again. */
export type LossListener = (page: Page, lost: readonly Verification[], kept: readonly Verification[]) => void;

const OURS = /^\d{6,}\.json(?:\.tmp)?$/;
/** How many files are read at once while the store opens. */
const READ_AT_ONCE = 32;

/**
 * The files of a store: a root document that lists pages, and the pages in a folder beside it. A page is written
 * before the root lists it and taken off the list before it is deleted, so the list never names what is not there.
 */
export class PageFolder {
  readonly #path: string;
  readonly #folder: FolderSync;
  readonly #root: RootFile;
  readonly #onLost: LossListener;
  readonly #pages = new Set<Page>();
  /** Pages that the root does not list yet: nothing in them is safe until it does. */
  readonly #listing = new Map<Page, Promise<void>>();
  /** Pages that are being taken off the list. */
  readonly #dropping = new Set<Page>();
  #newest: Page | undefined;
  #lastNumber = 0;

  constructor(rootFile: string, onLost: LossListener) {
    this.#path = rootFile.endsWith('.json') ? rootFile.slice(0, -'.json'.length) : `${rootFile}.pages`;
    this.#folder = new FolderSync(this.#path);
    this.#root = new RootFile(rootFile, () => this.#goBackToListed());
    this.#onLost = onLost;
  }

  get pages(): Iterable<Page> {
    return this.#pages;
  }

  /**
   * Reads every page, or begins a store where there is none.
   * @throws StorageError `missing` or `damaged`; then no file was touched
   */
  async open(): Promise<void> {
    await mkdir(this.#path, { recursive: true, mode: 0o700 });
    const files = (await readdir(this.#path)).filter((name) => OURS.test(name));
    if (!(await this.#root.read())) {
      const { file } = this.#root;
      if (files.some((name) => name.endsWith('.json'))) {
        throw new StorageError('missing', `${file} is missing but its pages are there: restore it from a copy`, {
          file,
        });
      }
      await this.#root.begin();
    }
    await this.#readPages();
    // Left over from pages that were not listed yet, or not any more, when the process was killed.
    const listed = new Set(this.#root.pages.map(nameOf));
    await Promise.all(files.filter((name) => !listed.has(name)).map(async (name) => rm(join(this.#path, name))));
  }

  /** Puts a new verification in the newest page, at once in memory; `stored` resolves when it cannot be lost. */
  add(verification: Verification): { readonly page: Page; readonly stored: Promise<void> } {
    const isOpen = this.#newest?.isFull === false;
    const page = isOpen && this.#newest ? this.#newest : this.#newPage();
    const written = page.put(verification);
    if (!isOpen) this.#listing.set(page, this.#list(page, written));
    return { page, stored: this.#both(page, written) };
  }

  async change(page: Page, verification: Verification): Promise<void> {
    await this.#both(page, page.put(verification));
  }

  /** Forgets all but these; a page of which nothing is kept goes away as a whole. */
  async keep(page: Page, kept: readonly Verification[]): Promise<void> {
    if (kept.length > 0 || this.#listing.has(page)) return this.#both(page, page.keep(kept));
    this.#forget(page);
    this.#dropping.add(page);
    await this.#root.remove(new Set([page.number]));
    this.#dropping.delete(page);
    return this.#delete(page);
  }

  /** Waits for the writes that are under way; nobody may begin another. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#listing.values());
    await Promise.all([...this.#pages, ...this.#dropping].map(async (page) => page.idle()));
    await this.#folder.close();
    await this.#root.close();
  }

  async #both(page: Page, written: Promise<void>): Promise<void> {
    await Promise.all([written, this.#listing.get(page)]);
  }

  async #list(page: Page, written: Promise<void>): Promise<void> {
    await written;
    await this.#root.add(page.number);
    this.#listing.delete(page);
  }

  async #readPages(): Promise<void> {
    const pages = this.#root.pages.map((number) => this.#page(number));
    for (let from = 0; from < pages.length; from += READ_AT_ONCE) {
      await Promise.all(pages.slice(from, from + READ_AT_ONCE).map(async (page) => page.read()));
    }
    for (const page of pages) this.#pages.add(page);
    this.#newest = pages.at(-1);
    this.#lastNumber = this.#newest?.number ?? 0;
  }

  #newPage(): Page {
    // Numbers are not used twice while the process lives: a deletion under way must not hit a new page.
    this.#lastNumber += 1;
    this.#newest = this.#page(this.#lastNumber);
    this.#pages.add(this.#newest);
    return this.#newest;
  }

  #page(number: number): Page {
    return new Page({
      number,
      file: join(this.#path, nameOf(number)),
      folder: this.#folder,
      onLost: (page, lost) => {
        if (!page.isWritten) this.#forget(page);
        this.#onLost(page, lost, page.verifications);
      },
    });
  }

  #goBackToListed(): void {
    const listed = new Set(this.#root.pages);
    for (const page of this.#listing.keys()) {
      if (listed.has(page.number)) continue;
      this.#forget(page);
      this.#onLost(page, page.verifications, []);
    }
    for (const page of this.#dropping) {
      if (!listed.has(page.number)) continue;
      this.#dropping.delete(page);
      this.#pages.add(page);
      this.#onLost(page, [], page.verifications);
    }
  }

  #forget(page: Page): void {
    this.#pages.delete(page);
    this.#listing.delete(page);
    if (this.#newest === page) this.#newest = undefined;
  }

  async #delete(page: Page): Promise<void> {
    await page.idle();
    await rm(page.file, { force: true });
  }
}

function nameOf(number: number): string {
  return `${String(number).padStart(6, '0')}.json`;
}
