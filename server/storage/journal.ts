import { readFile } from 'node:fs/promises';
import { idsOf, stringifyChange, type Change } from './change.ts';
import { Coalesced } from './coalesced.ts';
import { decodeChanges, type JournalName } from './documents.ts';
import type { FolderSync } from './folder-sync.ts';
import { decodeFrames, encodeFrame, type FrameRange } from './journal-frame.ts';
import { JournalFile } from './journal-file.ts';
import { damaged, hasErrorCode, missing } from './storage-error.ts';

export interface JournalOptions {
  readonly fileOf: (number: number) => string;
  /** Flushes the folder of the files. */
  readonly folder: FolderSync;
  /** Makes the root name a file; resolves when it cannot be overlooked any more. */
  readonly name: (file: JournalName) => Promise<void>;
  /** These cannot be lost any more. */
  readonly onCommitted: (changes: readonly Change[]) => void;
  /** These were refused: what was made of these verifications in memory never was. */
  readonly onLost: (ids: ReadonlySet<string>) => void;
}

/**
 * Changes in the order they were made, so that none of them has to wait until its page is written: all that come
 * while one flush is under way share the next one.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #commits: Coalesced;
  #pending: Change[] = [];
  #committing: readonly Change[] = [];
  /** Oldest first; their frames are numbered through. */
  #files: readonly JournalFile[] = [];
  #current: JournalFile | undefined;
  #isRotating = false;
  #rotated: readonly JournalFile[] = [];
  #lastFile = 0;
  #nextFrame = 1;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#commits = new Coalesced(
      async () => this.#commit(),
      () => this.#lose(),
    );
  }

  /**
   * What the files of whoever ran before have, in order. They may end in the middle of a frame: they have to be removed
   * before anything is appended.
   * @throws StorageError `missing` or `damaged`
   */
  async read(names: readonly JournalName[]): Promise<readonly Change[]> {
    const changes: Change[] = [];
    for (const [at, name] of names.entries()) {
      const file = this.#add(name);
      const next = names[at + 1]?.first;
      changes.push(...(await readChanges(file.path, { first: name.first, ...(next !== undefined && { next }) })));
    }
    return changes;
  }

  /** Bytes that wait for their pages to be written. */
  get size(): number {
    return this.#files.reduce((sum, { size }) => sum + size, 0);
  }

  /** Resolves when the change cannot be lost any more. */
  append(change: Change): Promise<void> {
    this.#pending.push(change);
    return this.#commits.run();
  }

  /** Resolves when all that was appended until now is kept or refused. */
  async settled(): Promise<void> {
    await this.#commits.run().catch(() => {});
  }

  /** Gives the files until now, none of which gets another frame: what comes goes to a new one. */
  async rotate(): Promise<readonly JournalFile[]> {
    this.#isRotating = true;
    await this.settled();
    return this.#rotated;
  }

  /** Forgets files that the root names no more. */
  async remove(files: readonly JournalFile[]): Promise<void> {
    for (const file of files) {
      await file.remove();
      this.#files = this.#files.filter((each) => each !== file);
    }
  }

  async close(): Promise<void> {
    await this.settled();
    for (const file of this.#files) await file.close();
  }

  async #commit(): Promise<void> {
    this.#cutOff();
    const changes = this.#pending;
    if (changes.length === 0) return;
    this.#pending = [];
    this.#committing = changes;
    const frame = encodeFrame(this.#nextFrame, `[${changes.map(stringifyChange).join(',')}]`);
    const file = (this.#current ??= await this.#begin());
    await file.append(frame, async () => this.#options.name(file));
    this.#nextFrame += 1;
    this.#committing = [];
    this.#options.onCommitted(changes);
  }

  /** Between two commits, so that no frame is in a file that its page is not waited for. */
  #cutOff(): void {
    if (!this.#isRotating) return;
    this.#isRotating = false;
    this.#rotated = this.#files;
    this.#current = undefined;
  }

  async #begin(): Promise<JournalFile> {
    // Only the last file may have a torn end.
    await this.#files.at(-1)?.mend();
    return this.#add({ number: this.#lastFile + 1, first: this.#nextFrame });
  }

  #add({ number, first }: JournalName): JournalFile {
    const { fileOf, folder } = this.#options;
    const file = new JournalFile({ number, first, path: fileOf(number), folder });
    this.#files = [...this.#files, file];
    this.#lastFile = number;
    return file;
  }

  #lose(): void {
    this.#cutOff();
    const lost = [...this.#committing, ...this.#pending];
    this.#committing = [];
    this.#pending = [];
    this.#options.onLost(new Set(lost.flatMap(idsOf)));
  }
}

async function readChanges(file: string, range: FrameRange): Promise<readonly Change[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) throw missing(file);
    throw error;
  }
  try {
    return decodeFrames(bytes, range).frames.flatMap(({ json }) => decodeChanges(JSON.parse(json)));
  } catch (error) {
    throw damaged(file, error instanceof Error ? error.message : 'no journal of ours', error);
  }
}
