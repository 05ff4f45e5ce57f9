import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { InsertResult, ListQuery, ReplaceResult, VerificationStore } from '../verification/ports.ts';
import type { Verification } from '../verification/verification.ts';
import { isPurgeable } from './is-purgeable.ts';
import { PageFolder } from './page-folder.ts';
import type { Page } from './page.ts';
import { damaged, StorageError } from './storage-error.ts';
import { StoreLock } from './store-lock.ts';
import { VerificationIndex } from './verification-index.ts';

/**
 * Keeps verifications in pages of lowdb documents, for one process at a time. A change is decided in memory within
 * one turn of the event loop and acknowledged when its page is flushed; it costs one page, whatever the store holds.
 */
export class LowdbStore implements VerificationStore {
  readonly #file: string;
  readonly #lock: StoreLock;
  readonly #folder: PageFolder;
  readonly #index = new VerificationIndex();
  readonly #pageOf = new Map<string, Page>();
  #closed: Promise<void> | undefined;

  private constructor(file: string, lock: StoreLock) {
    this.#file = file;
    this.#lock = lock;
    this.#folder = new PageFolder(file, (page, lost, kept) => {
      for (const { id } of lost) this.#forget(id);
      for (const verification of kept) this.#remember(page, verification);
    });
  }

  /**
   * Opens the store at this path, or begins one.
   * @throws StorageError `in-use`, `damaged` or `missing`
   */
  static async open(path: string): Promise<LowdbStore> {
    const file = resolve(path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const store = new LowdbStore(file, await StoreLock.acquire(file));
    try {
      await store.#load();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async insert(verification: Verification): Promise<InsertResult> {
    for (;;) {
      this.#refuseClosed();
      const obstacle = this.#index.obstacle(verification);
      if (obstacle === undefined) break;
      const holder = this.#index.obstructor(verification);
      if (obstacle === 'code-taken' || !holder || holder.status === 'pending') return obstacle;
      // The number is free as soon as the end of its last verification is on disk.
      await this.#pageOf.get(holder.id)?.idle();
    }
    const { page, stored } = this.#folder.add(verification);
    this.#remember(page, verification);
    await stored;
    return 'inserted';
  }

  async find(id: string): Promise<Verification | undefined> {
    return this.#index.get(id);
  }

  async findLive(relyingParty: string, to: string): Promise<Verification | undefined> {
    return this.#index.live(relyingParty, to);
  }

  async findDialIn(dialIn: string, to: string): Promise<Verification | undefined> {
    return this.#index.dialIn(dialIn, to);
  }

  async findByIdempotencyKey(relyingParty: string, keyHash: string): Promise<Verification | undefined> {
    return this.#index.byIdempotencyKey(relyingParty, keyHash);
  }

  async replace(next: Verification): Promise<ReplaceResult> {
    this.#refuseClosed();
    const page = this.#pageOf.get(next.id);
    if (!page || this.#index.get(next.id)?.revision !== next.revision) return 'conflict';
    if (this.#index.obstacle(next)) return 'code-taken';
    const stored = { ...next, revision: next.revision + 1 };
    this.#index.put(stored);
    await this.#folder.change(page, stored);
    this.#index.release(stored.id, stored.revision);
    return 'replaced';
  }

  async list(query: ListQuery): Promise<readonly Verification[]> {
    return this.#index.list(query);
  }

  async pending(filter: { readonly expiredBy?: number } = {}): Promise<readonly Verification[]> {
    return this.#index.pending(filter.expiredBy);
  }

  async inCall(): Promise<readonly Verification[]> {
    return this.#index.inCall();
  }

  async purge(finishedBefore: number): Promise<number> {
    return this.#drop((each) => isPurgeable(each, finishedBefore));
  }

  async erase(to: string, relyingParty?: string): Promise<number> {
    return this.#drop((each) => each.to === to && (relyingParty ?? each.relyingParty) === each.relyingParty);
  }

  async #drop(isOld: (verification: Verification) => boolean): Promise<number> {
    this.#refuseClosed();
    const writes: Promise<void>[] = [];
    let purged = 0;
    for (const page of this.#folder.pages) {
      const old = page.verifications.filter(isOld);
      if (old.length === 0) continue;
      purged += old.length;
      for (const { id } of old) this.#forget(id);
      writes.push(
        this.#folder.keep(
          page,
          page.verifications.filter((each) => !old.includes(each)),
        ),
      );
    }
    await Promise.all(writes);
    return purged;
  }

  async close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#folder.close();
    await this.#lock.release();
  }

  async #load(): Promise<void> {
    await this.#folder.open();
    for (const page of this.#folder.pages) {
      for (const verification of page.verifications) {
        if (this.#index.get(verification.id)) throw damaged(page.file, 'another page has the same verification');
        this.#remember(page, verification);
      }
    }
  }

  #remember(page: Page, verification: Verification): void {
    this.#index.put(verification);
    this.#pageOf.set(verification.id, page);
  }

  #forget(id: string): void {
    this.#index.remove(id);
    this.#pageOf.delete(id);
  }

  #refuseClosed(): void {
    if (this.#closed) throw new StorageError('closed', `The store ${this.#file} is closed`, { file: this.#file });
  }
}
