import { mkdir, open, readFile, rm, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readLine, type AuditFields, type AuditHead, type AuditLine } from './audit-line.ts';
import { DAY_EVENT, dayFile, dayFiles, HEAD_FILE, PEOPLE_FILE, readHead, RETENTION_EVENT } from './audit-files.ts';
import { Chain, GENESIS } from './chain.ts';
import { People } from './people.ts';
import { replaceFile } from './replace-file.ts';

export interface AuditLogOptions {
  /** A folder of its own; made where there is none. */
  readonly folder: string;
  readonly secret: Uint8Array;
  /** How long a day's file is kept, milliseconds. */
  readonly retention: number;
  readonly now: () => number;
  /** A write failed; it is tried again with the next one, and nothing is dropped meanwhile. */
  readonly onError: (error: unknown) => void;
}

/** The log could not be written for so long that lines would fill the memory: from here on they are counted only. */
const MAX_WAITING = 10_000;

/**
 * Records decisions, one JSON line each, in a file for each day. Lines that come while a write is under way go out
 * with the next one, flushed once. Nobody waits for a line: a decision stands whether its record is on disk or not,
 * and a crash may lose the lines of the last moment.
 */
export class AuditLog {
  readonly #options: AuditLogOptions;
  readonly #chain: Chain;
  readonly #people: People;
  #waiting: Omit<AuditLine, 'seq' | 'mac'>[] = [];
  #lost = 0;
  /** The last line on disk. */
  #head: AuditHead;
  #file: string | undefined;
  #size = 0;
  #writing: Promise<void> | undefined;
  #closed = false;

  private constructor(options: AuditLogOptions, parts: { chain: Chain; people: People; head: AuditHead }) {
    this.#options = options;
    this.#chain = parts.chain;
    this.#people = parts.people;
    this.#head = parts.head;
  }

  /** Goes on where the last run stopped; a line that a crash left half written is taken off. */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const { folder, secret } = options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const chain = new Chain(secret);
    const people = await People.open(join(folder, PEOPLE_FILE), secret);
    const newest = (await dayFiles(folder)).at(-1);
    const last = newest === undefined ? undefined : await lastLine(newest);
    const kept = await readHead(folder, chain);
    // A head without its lines: they were cut off. To go on after it leaves a gap that `verify` finds.
    const head = typeof kept === 'object' && kept.seq > (last?.seq ?? 0) ? kept : (last ?? GENESIS);
    return new AuditLog(options, { chain, people, head: { seq: head.seq, mac: head.mac } });
  }

  get head(): AuditHead {
    return this.#head;
  }

  /** False while lines wait for a disk that refuses them. */
  isWriting = true;

  record(event: string, fields: AuditFields): void {
    if (this.#closed) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting.push({ at: new Date(this.#options.now()).toISOString(), event, fields });
    this.#write();
  }

  /** Writes again what a full disk refused. */
  retry(): void {
    if (!this.isWriting) this.#write();
  }

  /** The number as it may stand in a line. */
  person(number: string): string {
    return this.#people.pseudonym(number);
  }

  /** Nobody can tell any more which lines were about this number. Resolves, once that is for good, with whether any was. */
  async forget(number: string, records: number): Promise<boolean> {
    const wasKnown = this.#people.forget(number);
    this.record('person.erased', { records });
    await this.#people.store();
    return wasKnown;
  }

  address(address: string): string {
    return this.#people.address(address);
  }

  /** Deletes the files of days that are over for longer than the retention. */
  async retire(): Promise<void> {
    const oldest = dayFile('', this.#options.now() - this.#options.retention);
    const files = await dayFiles(this.#options.folder);
    const old = files.filter((file) => basename(file) < oldest);
    const last = old.at(-1);
    if (last === undefined) return;
    const line = await lastLine(last);
    if (line) this.record(RETENTION_EVENT, { upTo: line.seq, upToMac: line.mac });
    await this.#writing;
    // Only after the line that says so is on disk.
    if (!this.isWriting) return;
    for (const file of old) await rm(file, { force: true });
  }

  /** Writes what waits. Harmless when called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#write();
    await this.#writing;
    if (this.#head.seq > 0) await this.#storeHead().catch(this.#options.onError);
  }

  #write(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    // What else is recorded in this turn of the event loop goes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#append(batch);
        this.isWriting = true;
      } catch (error) {
        this.isWriting = false;
        this.#waiting = [...batch, ...this.#waiting];
        this.#options.onError(error);
        return;
      }
    }
  }

  async #append(batch: readonly Omit<AuditLine, 'seq' | 'mac'>[]): Promise<void> {
    const { folder, now } = this.#options;
    await this.#people.store();
    const file = dayFile(folder, now());
    let head = this.#head;
    const lines: AuditLine[] = [];
    const add = (line: Omit<AuditLine, 'seq' | 'mac'>): void => {
      const linked = this.#chain.link(head, line);
      lines.push(linked);
      head = { seq: linked.seq, mac: linked.mac };
    };
    const at = new Date(now()).toISOString();
    const handle = await open(file, 'a', 0o600);
    try {
      if (file !== this.#file) this.#size = (await handle.stat()).size;
      if (this.#size === 0) add({ at, event: DAY_EVENT, fields: { after: head.seq, afterMac: head.mac } });
      for (const line of batch) add(line);
      if (this.#lost > 0) add({ at, event: 'audit.lost', fields: { lines: this.#lost } });
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      try {
        await handle.writeFile(text);
        await handle.sync();
      } catch (error) {
        // Half of it may stand there; the next try must not come after half a line.
        await handle.truncate(this.#size).catch(() => {});
        throw error;
      }
      this.#size += Buffer.byteLength(text);
    } finally {
      await handle.close();
    }
    this.#file = file;
    this.#lost = 0;
    this.#head = head;
    await this.#storeHead();
  }

  async #storeHead(): Promise<void> {
    const head = this.#head;
    const text = JSON.stringify({ ...head, seal: this.#chain.sealOf(head) });
    await replaceFile(join(this.#options.folder, HEAD_FILE), text);
  }
}

/** The last whole line; what stands after it is cut off. */
async function lastLine(file: string): Promise<AuditLine | undefined> {
  const text = await readFile(file, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) await truncate(file, Buffer.byteLength(text.slice(0, end)));
  return readLine(text.slice(0, end).trimEnd().split('\n').at(-1) ?? '');
}
