import type { Change, Stored } from './change.ts';
import { Page } from './page.ts';

/** The verifications that cannot be lost any more, and the page that each of them is on. */
export class PageSet {
  readonly #fileOf: (number: number) => string;
  readonly #pages = new Set<Page>();
  readonly #pageOf = new Map<string, Page>();
  #newest: Page | undefined;
  #lastNumber = 0;

  constructor(fileOf: (number: number) => string) {
    this.#fileOf = fileOf;
  }

  get pages(): Iterable<Page> {
    return this.#pages;
  }

  get(id: string): Stored | undefined {
    return this.#pageOf.get(id)?.get(id);
  }

  /** Pages as they were read, oldest first; gives one that has a verification of another. */
  add(pages: readonly Page[]): Page | undefined {
    for (const page of pages) {
      this.#pages.add(page);
      for (const { verification } of page.stored) {
        if (this.#pageOf.has(verification.id)) return page;
        this.#pageOf.set(verification.id, page);
      }
    }
    this.#newest = pages.at(-1);
    this.#lastNumber = this.#newest?.number ?? 0;
    return undefined;
  }

  /** Done again, it comes to the same: a journal may be read that some of the pages have already. */
  apply(change: Change): void {
    if ('put' in change) return this.#put(change.put);
    for (const id of change.drop) {
      this.#pageOf.get(id)?.drop(id);
      this.#pageOf.delete(id);
    }
  }

  /** Takes out the pages on which nothing is left. */
  takeEmpty(): readonly Page[] {
    const empty = [...this.#pages].filter(({ isEmpty }) => isEmpty);
    for (const page of empty) {
      this.#pages.delete(page);
      if (this.#newest === page) this.#newest = undefined;
    }
    return empty;
  }

  #put(stored: Stored): void {
    const { id } = stored.verification;
    const page = this.#pageOf.get(id) ?? this.#openPage();
    page.put(stored);
    this.#pageOf.set(id, page);
  }

  #openPage(): Page {
    if (this.#newest && !this.#newest.isFull) return this.#newest;
    // Numbers are not used twice while the process lives: a deletion under way must not hit a new page.
    this.#lastNumber += 1;
    this.#newest = new Page(this.#lastNumber, this.#fileOf(this.#lastNumber));
    this.#pages.add(this.#newest);
    return this.#newest;
  }
}
