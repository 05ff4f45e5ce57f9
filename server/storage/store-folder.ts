import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Stored } from './change.ts';
import { Coalesced } from './coalesced.ts';
import { cureFor, inMib, roomIn, systemCodeOf } from './disk-words.ts';
import { FolderSync } from './folder-sync.ts';
import { Journal } from './journal.ts';
import { makeFolder } from './make-folder.ts';
import { PageSet } from './page-set.ts';
import { Page } from './page.ts';
import { RootFile } from './root-file.ts';
import { damaged, StorageError } from './storage-error.ts';

const OURS = /^\d{6,}\.(?:json(?:\.tmp)?|journal)$/;
/** How many files are read at once while the store opens. */
const READ_AT_ONCE = 32;
/** Pages that are written at once: the disk is first of all for the changes that wait. */
const WRITE_AT_ONCE = 2;
/** How far the pages may stay behind the journal. */
export interface JournalLimits {
  /** Bytes of journal until the pages are written: a server that was killed reads them in a moment. */
  readonly long: number;
  /** Bytes of journal that changes wait for the pages at, where these cannot be written, or not as fast as changes come. */
  readonly longest: number;
  /** Milliseconds until the pages are written at the latest. */
  readonly pagesFollowAfter: number;
}

const MIB = 1024 * 1024;
export const JOURNAL_LIMITS: JournalLimits = { long: 8 * MIB, longest: 64 * MIB, pagesFollowAfter: 15_000 };

/** Pages were written, or could not be. Nothing is lost then: the journal has it all. */
export interface Checkpoint {
  /** Why they could not be written. */
  readonly error?: unknown;
  /** Bytes of journal that still wait for their pages. */
  readonly waiting: number;
  /** Bytes that the journal takes until changes are refused; 0 when they are. */
  readonly room: number;
}

export interface StoreFolderOptions {
  readonly rootFile: string;
  readonly limits: JournalLimits;
  /** A write failed: what was made of these verifications in memory never was. */
  readonly onLost: (ids: ReadonlySet<string>) => void;
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
}

/**
 * The files of a store: a root document that names the others, pages in a folder beside it, and a journal of what was
 * changed since the pages were written. A file is whole before the root names it, and named no more before it is deleted.
 */
export class StoreFolder {
  readonly #limits: JournalLimits;
  readonly #path: string;
  readonly #sync: FolderSync;
  readonly #root: RootFile;
  readonly #pages: PageSet;
  readonly #journal: Journal;
  readonly #onCheckpoint: (checkpoint: Checkpoint) => void;
  readonly #checkpoints = new Coalesced(async () => this.#reported());
  /** Pages on which nothing is left, as long as the root may name them. */
  readonly #emptied = new Set<Page>();
  #willFollow = false;
  #isOpen = false;
  #isFollowing = false;

  constructor({ rootFile, limits, onLost, onCheckpoint = () => {} }: StoreFolderOptions) {
    this.#onCheckpoint = onCheckpoint;
    this.#limits = limits;
    this.#path = rootFile.endsWith('.json') ? rootFile.slice(0, -'.json'.length) : `${rootFile}.pages`;
    this.#sync = new FolderSync(this.#path);
    this.#root = new RootFile(rootFile);
    this.#pages = new PageSet((number) => join(this.#path, pageName(number)));
    this.#journal = new Journal({
      fileOf: (number) => join(this.#path, journalName(number)),
      folder: this.#sync,
      name: async (file) => this.#root.name(file),
      onCommitted: (changes) => this.#committed(changes),
      onLost,
    });
  }

  /** What cannot be lost any more. */
  get(id: string): Stored | undefined {
    return this.#pages.get(id);
  }

  *all(): Iterable<Stored> {
    for (const page of this.#pages.pages) yield* page.stored;
  }

  /**
   * Reads every page, and what the journal of a killed process has beyond them; begins a store where there is none.
   * @throws StorageError `missing` or `damaged`, and no file was touched then; or `write-failed`
   */
  async open(): Promise<void> {
    await makeFolder(this.#path);
    const files = (await readdir(this.#path)).filter((name) => OURS.test(name));
    if (!(await this.#root.read())) {
      const { file } = this.#root;
      if (files.some((name) => !name.endsWith('.tmp'))) {
        throw new StorageError('missing', `${file} is missing but its pages are there: restore it from a copy`, {
          file,
        });
      }
      await this.#root.begin();
    }
    const { pages, journals } = this.#root.document;
    await this.#readPages(pages);
    for (const change of await this.#journal.read(journals)) this.#pages.apply(change);
    // Left over from files that were not named yet, or not any more, when the process was killed.
    const named = new Set([...pages.map(pageName), ...journals.map(({ number }) => journalName(number))]);
    await Promise.all(files.filter((name) => !named.has(name)).map(async (name) => rm(join(this.#path, name))));
    // The end of the journal may be torn: it is not written on.
    if (journals.length > 0) await this.#checkpoint().catch(async (error: unknown) => this.#refuseToBegin(error));
    this.#isOpen = true;
  }

  /** Resolves when the change cannot be lost any more. */
  append(change: Change): Promise<void> {
    return this.#journal.append(change);
  }

  /** Resolves when all that was appended until now is kept or refused. */
  async settled(): Promise<void> {
    await this.#journal.settled();
  }

  /** There is too much in the journal: whoever wants to add to it waits for a checkpoint, or is refused as it fails. */
  get isFull(): boolean {
    return this.#journal.size >= this.#limits.longest;
  }

  /** Resolves when the pages say all that the journal said until now, and no other file says anything of it. */
  async checkpoint(): Promise<void> {
    await this.#checkpoints.run();
  }

  /** Leaves whole documents behind. Nobody may begin a change any more. */
  async close(): Promise<void> {
    await this.#journal.settled();
    // Where the disk has no room for pages, the journal stays and is read at the next start.
    if (this.#isOpen) {
      this.#isOpen = false;
      await this.checkpoint().catch(() => {});
    }
    await this.#journal.close();
    await this.#sync.close();
    await this.#root.close();
  }

  #committed(changes: readonly Change[]): void {
    for (const change of changes) this.#pages.apply(change);
    if (this.#journal.size >= this.#limits.long) this.#follow();
    else this.#followLater();
  }

  #followLater(): void {
    if (this.#willFollow) return;
    this.#willFollow = true;
    const follow = (): void => {
      this.#willFollow = false;
      this.#follow();
    };
    setTimeout(follow, this.#limits.pagesFollowAfter).unref();
  }

  /** In the background, once at a time. */
  #follow(): void {
    if (this.#isFollowing || !this.#isOpen) return;
    this.#isFollowing = true;
    this.checkpoint()
      // Nothing is lost, and those who change something are refused once the journal is full.
      .catch(async () => sleep(this.#limits.pagesFollowAfter, undefined, { ref: false }))
      .finally(() => {
        this.#isFollowing = false;
        if (this.#journal.size > 0) this.#followLater();
      });
  }

  async #reported(): Promise<void> {
    try {
      await this.#checkpoint();
      this.#onCheckpoint(this.#state());
    } catch (error) {
      this.#onCheckpoint({ ...this.#state(), error });
      throw error;
    }
  }

  #state(): Checkpoint {
    const waiting = this.#journal.size;
    return { waiting, room: Math.max(0, this.#limits.longest - waiting) };
  }

  /** The pages of a store that was killed cannot be written. */
  async #refuseToBegin(error: unknown): Promise<never> {
    const code = systemCodeOf(error);
    const dirty = [...this.#pages.pages].filter(({ isDirty }) => isDirty);
    const needed = dirty.reduce((sum, { bytes }) => sum + bytes, 0);
    const room = await roomIn(this.#path);
    const free = room === undefined ? '' : `, where ${inMib(room)} are free`;
    throw new StorageError(
      'write-failed',
      `What a server that was killed had not written yet cannot be written to ${this.#path} (${code}). It takes ${inMib(needed)} there${free}: ${cureFor(code)} and start again. Until then all stays as it is, and nothing is lost`,
      { file: this.#path, cause: error },
    );
  }

  /**
   * Each step may be the last one of the process: until the root is written, the journal is read over pages that may
   * have some of it already; after that, what is spent is named no more.
   */
  async #checkpoint(): Promise<void> {
    const files = await this.#journal.rotate();
    for (const page of this.#pages.takeEmpty()) this.#emptied.add(page);
    const dirty = [...this.#pages.pages].filter(({ isDirty }) => isDirty);
    if (files.length + dirty.length + this.#emptied.size === 0) return;
    await inGroups(dirty, WRITE_AT_ONCE, async (page) => page.write());
    await this.#sync.sync();
    const pages = [...this.#pages.pages].filter(({ isWritten }) => isWritten).map(({ number }) => number);
    await this.#root.follow(pages, files);
    await this.#journal.remove(files);
    for (const page of this.#emptied) {
      await rm(page.file, { force: true });
      this.#emptied.delete(page);
    }
  }

  async #readPages(numbers: readonly number[]): Promise<void> {
    const pages = numbers.map((number) => new Page(number, join(this.#path, pageName(number))));
    await inGroups(pages, READ_AT_ONCE, async (page) => page.read());
    const doubled = this.#pages.add(pages);
    if (doubled) throw damaged(doubled.file, 'another page has the same verification');
  }
}

async function inGroups<T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += size) await Promise.all(items.slice(from, from + size).map(work));
}

function pageName(number: number): string {
  return `${String(number).padStart(6, '0')}.json`;
}

function journalName(number: number): string {
  return `${String(number).padStart(6, '0')}.journal`;
}
