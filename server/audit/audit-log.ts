import { mkdir, readFile, rm, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readLine, type AuditFields, type AuditHead, type AuditLine } from './audit-line.ts';
import {
  DAY_EVENT,
  dayFile,
  dayFiles,
  dayOf,
  HEAD_FILE,
  HEAD_LOST_EVENT,
  PEOPLE_FILE,
  readHead,
  RETENTION_EVENT,
} from './audit-files.ts';
import { Chain, GENESIS } from './chain.ts';
import { DayAppender } from './day-appender.ts';
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
  readonly #days: DayAppender;
  #waiting: Unlinked[] = [];
  #lost = 0;
  /** The last line on disk. */
  #head: AuditHead;
  /** What `head.json` says. */
  #keptHead: AuditHead | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;
  /** When the last line was written that there was at the start; milliseconds since the epoch. */
  readonly openedAfter: number;

  private constructor(options: AuditLogOptions, { chain, people, head, newest, lastAt }: Opened) {
    this.#options = options;
    this.#chain = chain;
    this.#people = people;
    this.#head = head;
    this.openedAfter = lastAt === undefined ? -Infinity : Date.parse(lastAt);
    this.#days = new DayAppender(newest);
  }

  /** Goes on where the last run stopped; a line that a crash left half written is taken off. */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const { folder, secret, now } = options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const chain = new Chain(secret);
    const people = await People.open(join(folder, PEOPLE_FILE), secret, dayOf(now()));
    const files = await dayFiles(folder);
    const last = await lastLine(files);
    const kept = await readHead(folder, chain);
    // A head without its lines: they were cut off. To go on after it leaves a gap that `verify` finds.
    const { seq, mac } = typeof kept === 'object' && kept.seq > (last?.seq ?? 0) ? kept : (last ?? GENESIS);
    const log = new AuditLog(options, { chain, people, head: { seq, mac }, newest: files.at(-1), lastAt: last?.at });
    // Whoever cuts off the end and removes the head has nothing else to show it but this line.
    if (last && typeof kept !== 'object') log.record(HEAD_LOST_EVENT, { head: kept, lastLine: last.seq });
    return log;
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

  /** A number that is called, as it may stand in a line. */
  person(number: string): string {
    return this.#people.pseudonym(number, dayOf(this.#options.now()));
  }

  /** A number for which something was refused. */
  stranger(number: string): string {
    return this.#people.stranger(number, dayOf(this.#options.now()));
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

  /** Deletes the files of days that are over for longer than the retention, and who stands in no other. */
  async retire(): Promise<void> {
    const { folder, now, retention } = this.#options;
    const oldest = now() - retention;
    const old = (await dayFiles(folder)).filter((file) => basename(file) < dayFile('', oldest));
    if (old.length === 0) return;
    const line = await lastLine(old);
    if (line) this.record(RETENTION_EVENT, { upTo: line.seq, upToMac: line.mac });
    await this.#writing;
    // Only after the line that says so is on disk.
    if (!this.isWriting) return;
    for (const file of old) await rm(file, { force: true });
    this.#people.retire(dayOf(oldest));
    await this.#people.store();
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
      // What came in the moment between.
      if (this.isWriting && this.#waiting.length > 0) this.#write();
    });
  }

  async #writeAll(): Promise<void> {
    // What else is recorded in this turn of the event loop goes along.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      do {
        if (this.#waiting.length > 0) await this.#appendWaiting();
        // Also one that was refused while its lines were taken: those are not written again.
        await this.#storeHead();
      } while (this.#waiting.length > 0);
      this.isWriting = true;
    } catch (error) {
      this.isWriting = false;
      this.#options.onError(error);
    }
  }

  async #appendWaiting(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      await this.#append(batch);
    } catch (error) {
      this.#waiting = [...batch, ...this.#waiting];
      throw error;
    }
  }

  async #append(batch: readonly Unlinked[]): Promise<void> {
    const { folder, now } = this.#options;
    await this.#people.store();
    const lost = this.#lost;
    let head = this.#head;
    await this.#days.append(dayFile(folder, now()), (isEmpty) => {
      const linked = this.#linked(batch, { isEmpty, lost });
      head = linked.head;
      return linked.text;
    });
    this.#lost -= lost;
    this.#head = head;
  }

  #linked(batch: readonly Unlinked[], { isEmpty, lost }: { isEmpty: boolean; lost: number }) {
    const at = new Date(this.#options.now()).toISOString();
    const before = this.#head;
    const lines = [
      ...(isEmpty ? [{ at, event: DAY_EVENT, fields: { after: before.seq, afterMac: before.mac } }] : []),
      ...batch,
      ...(lost > 0 ? [{ at, event: 'audit.lost', fields: { lines: lost } }] : []),
    ];
    let head = before;
    let text = '';
    for (const line of lines) {
      const linked = this.#chain.link(head, line);
      text += `${JSON.stringify(linked)}\n`;
      head = { seq: linked.seq, mac: linked.mac };
    }
    return { text, head };
  }

  async #storeHead(): Promise<void> {
    const head = this.#head;
    if (head === this.#keptHead || head.seq === 0) return;
    const text = JSON.stringify({ ...head, seal: this.#chain.sealOf(head) });
    await replaceFile(join(this.#options.folder, HEAD_FILE), `${text}\n`);
    this.#keptHead = head;
  }
}

type Unlinked = Omit<AuditLine, 'seq' | 'mac'>;

interface Opened {
  readonly chain: Chain;
  readonly people: People;
  readonly head: AuditHead;
  readonly newest: string | undefined;
  readonly lastAt: string | undefined;
}

/** The last whole line of these files; what stands after it is cut off. */
async function lastLine(files: readonly string[]): Promise<AuditLine | undefined> {
  for (const file of files.toReversed()) {
    const text = await readFile(file, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) await truncate(file, Buffer.byteLength(text.slice(0, end)));
    if (end > 0) return readLine(text.slice(0, end).trimEnd().split('\n').at(-1) ?? '');
  }
  return undefined;
}
