import {
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  type PathLike,
} from 'node:fs';
import type * as Fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pick, type Random } from '../soak/random.ts';

/** A file or a folder, whatever it is called. */
interface Inode {
  readonly isFolder: boolean;
  readonly before: Buffer;
}

type Event =
  | { readonly what: 'write'; readonly inode: Inode; readonly from: number; readonly bytes: Buffer }
  | { readonly what: 'cut'; readonly inode: Inode; readonly to: number }
  | { readonly what: 'link'; readonly path: string; readonly inode: Inode; readonly was?: string }
  | { readonly what: 'unlink'; readonly path: string }
  /** What had happened to it before event `upTo` cannot be lost any more. */
  | { readonly what: 'flushed'; readonly inode: Inode; readonly upTo: number };

interface Opened {
  readonly inode: Inode | undefined;
  /** Where the next byte is written to. */
  readonly from: number;
  /** O_DSYNC: each write is flushed by the very same call. */
  readonly flushes: boolean;
}

const EMPTY = Buffer.alloc(0);

/**
 * Remembers what a program does to the files below a folder, and gives the folder as it may be found when the machine
 * loses power at any moment. As POSIX has it: what no fsync came back for is there, or is not, or in part, in any order;
 * a name is kept by an fsync of its folder only.
 */
class ForgetfulDisk {
  #root = '';
  #events: Event[] = [];
  #names = new Map<string, Inode>();
  #before = new Map<string, Inode>();

  /** What is there now is safe. */
  watch(root: string): void {
    this.#root = root;
    this.#events = [];
    this.#names = new Map([[root, { isFolder: true, before: EMPTY }]]);
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const isFolder = entry.isDirectory();
      this.#names.set(path, { isFolder, before: isFolder ? EMPTY : readFileSync(path) });
    }
    this.#before = new Map(this.#names);
  }

  /** How much has happened. */
  get now(): number {
    return this.#events.length;
  }

  /** Makes, in an empty folder, what may be found after a power cut before the event `at`. */
  recall(at: number, random: Random, into: string): void {
    const names = this.#namesAt(at, random);
    for (const [path, inode] of [...names].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
      const copy = into + path.slice(this.#root.length);
      // What lies in a folder that was lost is lost.
      if (path === this.#root || isLock(path) || !existsSync(dirname(copy))) continue;
      if (inode.isFolder) mkdirSync(copy);
      else writeFileSync(copy, this.#contentAt(at, inode, random));
    }
  }

  /** The same functions, remembered. */
  remembering(fs: typeof Fs): typeof Fs {
    return {
      ...fs,
      open: async (path, flags = 'r', mode) => {
        const from = this.#opening(String(path), flags);
        const flushes = typeof flags === 'number' && (flags & constants.O_DSYNC) !== 0;
        return this.#remembered(await fs.open(path, flags, mode), {
          inode: this.#names.get(String(path)),
          from,
          flushes,
        });
      },
      mkdir: async (path: PathLike, mode: Parameters<typeof Fs.mkdir>[1]) => {
        this.#link(String(path), { isFolder: true, before: EMPTY });
        await fs.mkdir(path, mode);
        return undefined;
      },
      rename: async (from, to) => {
        const inode = this.#names.get(String(from));
        if (inode) {
          this.#names.delete(String(from));
          this.#names.set(String(to), inode);
          this.#events.push({ what: 'link', path: String(to), inode, was: String(from) });
        }
        await fs.rename(from, to);
      },
      rm: async (path, options) => {
        if (this.#names.delete(String(path))) this.#events.push({ what: 'unlink', path: String(path) });
        await fs.rm(path, options);
      },
    };
  }

  /** Gives where the first byte will be written to. */
  #opening(path: string, flags: string | number): number {
    const [makes, empties] =
      typeof flags === 'number'
        ? [(flags & constants.O_CREAT) !== 0, (flags & constants.O_TRUNC) !== 0]
        : [/^[wa]/.test(flags), flags.startsWith('w')];
    const known = this.#names.get(path);
    if (!known && makes) this.#link(path, { isFolder: false, before: EMPTY });
    if (known && empties) this.#events.push({ what: 'cut', inode: known, to: 0 });
    return known && !known.isFolder && !empties ? statSync(path).size : 0;
  }

  #link(path: string, inode: Inode): void {
    if (!path.startsWith(this.#root) || this.#names.has(path)) return;
    this.#names.set(path, inode);
    this.#events.push({ what: 'link', path, inode });
  }

  #remembered(handle: FileHandle, { inode, from, flushes }: Opened): FileHandle {
    if (!inode) return handle;
    let end = from;
    const flush = async (work: () => Promise<void>): Promise<void> => {
      const upTo = this.now;
      await work();
      this.#events.push({ what: 'flushed', inode, upTo });
    };
    const write = async (data: string | Buffer): Promise<void> => {
      const bytes = Buffer.from(data);
      this.#events.push({ what: 'write', inode, from: end, bytes });
      end += bytes.length;
      const work = async (): Promise<void> => handle.appendFile(bytes);
      await (flushes ? flush(work) : work());
    };
    const remembered: Partial<Record<string | symbol, unknown>> = {
      appendFile: write,
      writeFile: write,
      sync: async () => flush(async () => handle.sync()),
      datasync: async () => flush(async () => handle.datasync()),
      truncate: async (to: number) => {
        this.#events.push({ what: 'cut', inode, to });
        end = to;
        await handle.truncate(to);
      },
    };
    return new Proxy(handle, {
      get: (target, name) => {
        const member: unknown = remembered[name] ?? Reflect.get(target, name, target);
        return typeof member === 'function' && !(name in remembered) ? member.bind(target) : member;
      },
    });
  }

  #namesAt(at: number, random: Random): Map<string, Inode> {
    const names = new Map(this.#before);
    for (const [index, event] of this.#events.slice(0, at).entries()) {
      if (event.what !== 'link' && event.what !== 'unlink') continue;
      const folder = this.#folderOf(event.path);
      if (index >= this.#safeUpTo(at, folder) && random() < 0.5) continue;
      if (event.what === 'unlink') names.delete(event.path);
      else names.set(event.path, event.inode);
      if (event.what === 'link' && event.was !== undefined) names.delete(event.was);
    }
    return names;
  }

  #folderOf(path: string): Inode | undefined {
    return this.#names.get(dirname(path));
  }

  #safeUpTo(at: number, inode: Inode | undefined): number {
    const flushes = this.#events.slice(0, at).filter((event) => event.what === 'flushed' && event.inode === inode);
    return Math.max(0, ...flushes.map((event) => (event.what === 'flushed' ? event.upTo : 0)));
  }

  #contentAt(at: number, inode: Inode, random: Random): Buffer {
    const safe = this.#safeUpTo(at, inode);
    let content = inode.before;
    for (const [index, event] of this.#events.slice(0, at).entries()) {
      if ((event.what !== 'write' && event.what !== 'cut') || event.inode !== inode) continue;
      const isSafe = index < safe;
      if (event.what === 'cut') {
        if (isSafe || random() < 0.5) content = content.subarray(0, event.to);
        continue;
      }
      const bytes = isSafe ? event.bytes : leftOf(event.bytes, random);
      if (bytes) content = written(content, event.from, bytes);
    }
    return content;
  }
}

/** The one disk that the program under test writes to. */
export const memory = new ForgetfulDisk();

/** Says that a process of this machine lives; after a power cut none does. */
function isLock(path: string): boolean {
  return /\.lock\.\d+-/.test(path);
}

/** Of bytes that no flush came back for: all, none, their beginning, or room for them and nothing in it. */
function leftOf(bytes: Buffer, random: Random): Buffer | undefined {
  const beginning = bytes.subarray(0, Math.floor(random() * bytes.length));
  const left = {
    all: bytes,
    none: undefined,
    beginning,
    room: Buffer.alloc(bytes.length),
    'beginning and room': Buffer.concat([beginning], bytes.length),
  };
  return left[pick(random, ['all', 'none', 'beginning', 'room', 'beginning and room'] as const)];
}

function written(content: Buffer, from: number, bytes: Buffer): Buffer {
  const size = Math.max(content.length, from + bytes.length);
  const result = Buffer.alloc(size);
  content.copy(result);
  bytes.copy(result, from);
  return result;
}
