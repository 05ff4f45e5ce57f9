import { statSync } from 'node:fs';
import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Coalesced } from './coalesced.ts';
import { FolderSync } from './folder-sync.ts';
import { makeFolder } from './make-folder.ts';
import { StorageError, writeFailed } from './storage-error.ts';

export interface JsonLinesOptions<T> {
  readonly file: string;
  /** Says that a line is none of ours by throwing. */
  readonly decode: (json: unknown) => T;
  /** Flush each line to the disk. Without it a line outlives the process, and perhaps not a power cut. */
  readonly flush: boolean;
  /** Told how many lines could not be read: they are passed over. */
  readonly onDamaged?: (lines: number) => void;
}

const PRIVATE = 0o600;

/**
 * A file of one JSON document a line, written at its end only. Several processes may append (O_APPEND puts each
 * write whole behind the last) and read what the others appended; only one may compact, and nobody beside it.
 */
export class JsonLines<T> {
  readonly #options: JsonLinesOptions<T>;
  readonly #writes: Coalesced;
  #pending: string[] = [];
  #keep: ((lines: readonly T[]) => readonly T[]) | undefined;
  #handle: FileHandle | undefined;
  #readTo = 0;
  /** The end of what was looked at: behind `#readTo` where half a line stands there. */
  #lookedTo = 0;
  /** Ends with the last reading that was asked for. */
  #reading: Promise<void> = Promise.resolve();
  /** In this turn of the event loop. */
  #isUnchanged = false;
  #closed: Promise<void> | undefined;

  constructor(options: JsonLinesOptions<T>) {
    this.#options = options;
    this.#writes = new Coalesced(async () => this.#write());
  }

  /** Every line that there is. */
  async read(): Promise<readonly T[]> {
    return this.#inTurn(async () => {
      this.#readTo = 0;
      return this.#readOn();
    });
  }

  /** The lines that were appended, here or by another process, since the last reading; each once, also where readings overlap. */
  async readNew(): Promise<readonly T[]> {
    return this.#inTurn(async () => this.#readOn());
  }

  async #inTurn(read: () => Promise<readonly T[]>): Promise<readonly T[]> {
    const reading = this.#reading.then(read);
    this.#reading = reading.then(nothing, nothing);
    return reading;
  }

  async #readOn(): Promise<readonly T[]> {
    const { file, onDamaged } = this.#options;
    const size = this.#size();
    if (size === this.#readTo) {
      this.#lookedTo = size;
      return [];
    }
    const from = size < this.#readTo ? 0 : this.#readTo;
    const bytes = (await readFile(file)).subarray(from);
    this.#lookedTo = from + bytes.length;
    // What follows the last line end is still being written, or was when a machine stopped.
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    this.#readTo = from + whole.length;
    const { lines, damaged } = this.#decode(whole.toString('utf8'));
    if (damaged > 0) onDamaged?.(damaged);
    return lines;
  }

  /**
   * Whether there is something that `readNew` would read. The file is looked at once in a turn of the event loop, by the
   * caller himself: to have it done by a thread takes him longer.
   */
  hasNew(): boolean {
    if (this.#isUnchanged) return false;
    if (this.#size() !== this.#lookedTo) return true;
    this.#isUnchanged = true;
    setImmediate(() => {
      this.#isUnchanged = false;
    });
    return false;
  }

  #size(): number {
    return statSync(this.#options.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  async append(line: T): Promise<void> {
    this.#refuseClosed();
    this.#pending.push(`${JSON.stringify(line)}\n`);
    await this.#writes.run();
  }

  /** Writes the file anew with the lines that `keep` gives back. */
  async compact(keep: (lines: readonly T[]) => readonly T[]): Promise<void> {
    this.#refuseClosed();
    this.#keep = keep;
    await this.#writes.run();
  }

  async close(): Promise<void> {
    this.#closed ??= this.#writes.idle().then(async () => this.#handle?.close());
    return this.#closed;
  }

  async #write(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    try {
      if (lines.length > 0) {
        this.#handle ??= await this.#openEnd();
        await this.#handle.appendFile(lines.join(''));
        if (this.#options.flush) await this.#handle.datasync();
      }
      const keep = this.#keep;
      this.#keep = undefined;
      if (keep) await this.#replace(keep);
    } catch (error) {
      // Half a line may stand at the end now: opened anew, the file gets the end of that line first.
      await this.#handle?.close().catch(() => {});
      this.#handle = undefined;
      throw writeFailed(this.#options.file, error);
    }
  }

  /** A line that a stopped machine left without an end must not take the next one with it. */
  async #openEnd(): Promise<FileHandle> {
    const { file } = this.#options;
    await makeFolder(dirname(file));
    const handle = await open(file, 'a+', PRIVATE);
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    if (size > 0 && last[0] !== 0x0a) await handle.appendFile('\n');
    return handle;
  }

  async #replace(keep: (lines: readonly T[]) => readonly T[]): Promise<void> {
    const { file } = this.#options;
    const before = await this.read();
    const text = keep(before)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('');
    await makeFolder(dirname(file));
    const handle = await open(`${file}.tmp`, 'w', PRIVATE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.tmp`, file);
    const folder = new FolderSync(dirname(file));
    await folder.sync();
    await folder.close();
    await this.#handle?.close();
    this.#handle = undefined;
    this.#readTo = this.#lookedTo = Buffer.byteLength(text);
  }

  #decode(text: string): { readonly lines: readonly T[]; readonly damaged: number } {
    const lines: T[] = [];
    let damaged = 0;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      try {
        lines.push(this.#options.decode(JSON.parse(line)));
      } catch {
        damaged += 1;
      }
    }
    return { lines, damaged };
  }

  #refuseClosed(): void {
    const { file } = this.#options;
    if (this.#closed) throw new StorageError('closed', `${file} is closed`, { file });
  }
}

function nothing(): void {}
