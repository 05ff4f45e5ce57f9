import { dirname, resolve } from 'node:path';
import type { InsertResult, ListQuery, ReplaceResult, VerificationStore } from '../verification/ports.ts';
import type { Verification } from '../verification/verification.ts';
import { isPurgeable } from './is-purgeable.ts';
import { putOf } from './change.ts';
import { makeFolder } from './make-folder.ts';
import { StorageError } from './storage-error.ts';
import { JOURNAL_LIMITS, StoreFolder, type Checkpoint, type JournalLimits } from './store-folder.ts';
import { StoreLock } from './store-lock.ts';
import { VerificationIndex } from './verification-index.ts';

export interface LowdbOptions {
  readonly limits?: JournalLimits;
  /** Aborted when the store is not wanted any more, while it is waited for. */
  readonly signal?: AbortSignal | undefined;
  /** Told each time that pages were written, or could not be. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
}

/**
 * Keeps verifications in pages of lowdb documents and a journal before them, for one process at a time. A change is
 * decided in memory within one turn of the event loop and acknowledged when the journal is flushed; it costs a line
 * there, whatever the store holds.
 */
export class LowdbStore implements VerificationStore {
  readonly #file: string;
  readonly #lock: StoreLock;
  readonly #folder: StoreFolder;
  readonly #index = new VerificationIndex();
  #closed: Promise<void> | undefined;

  private constructor(file: string, lock: StoreLock, { limits = JOURNAL_LIMITS, onCheckpoint }: LowdbOptions) {
    this.#file = file;
    this.#lock = lock;
    this.#folder = new StoreFolder({ rootFile: file, limits, onLost: (ids) => this.#goBack(ids), onCheckpoint });
  }

  /**
   * Opens the store at this path, or begins one.
   * @throws StorageError `in-use`, `damaged` or `missing`; or the signal's reason
   */
  static async open(path: string, options: LowdbOptions = {}): Promise<LowdbStore> {
    const file = resolve(path);
    await makeFolder(dirname(file));
    const store = new LowdbStore(file, await StoreLock.acquire(file, options.signal), options);
    try {
      await store.#load();
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async insert(verification: Verification): Promise<InsertResult> {
    if (this.#folder.isFull) await this.#folder.checkpoint();
    for (;;) {
      this.#refuseClosed();
      const obstacle = this.#index.obstacle(verification);
      if (obstacle === undefined) break;
      const holder = this.#index.obstructor(verification);
      if (obstacle === 'code-taken' || !holder || holder.status === 'pending') return obstacle;
      // The number is free as soon as the end of its last verification is on disk.
      await this.#folder.settled();
    }
    this.#index.put(verification);
    await this.#folder.append(putOf(verification));
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
    if (this.#folder.isFull) await this.#folder.checkpoint();
    this.#refuseClosed();
    if (this.#index.get(next.id)?.revision !== next.revision) return 'conflict';
    if (this.#index.obstacle(next)) return 'code-taken';
    const stored = { ...next, revision: next.revision + 1 };
    this.#index.put(stored);
    await this.#folder.append(putOf(stored));
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
    const erased = await this.#drop(
      (each) => each.to === to && (relyingParty ?? each.relyingParty) === each.relyingParty,
    );
    // The journal still says what it said before.
    await this.#folder.checkpoint();
    return erased;
  }

  async #drop(isOld: (verification: Verification) => boolean): Promise<number> {
    if (this.#folder.isFull) await this.#folder.checkpoint();
    this.#refuseClosed();
    const ids: string[] = [];
    for (const verification of this.#index.all()) if (isOld(verification)) ids.push(verification.id);
    if (ids.length === 0) return 0;
    for (const id of ids) this.#index.remove(id);
    await this.#folder.append({ drop: ids });
    return ids.length;
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
    for (const { verification } of this.#folder.all()) this.#index.put(verification);
  }

  /** What is on disk counts again. */
  #goBack(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#index.remove(id);
    for (const id of ids) {
      const kept = this.#folder.get(id);
      if (kept) this.#index.put(kept.verification);
    }
  }

  #refuseClosed(): void {
    if (this.#closed) throw new StorageError('closed', `The store ${this.#file} is closed`, { file: this.#file });
  }
}
