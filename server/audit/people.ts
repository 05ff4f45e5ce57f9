import { createHmac, randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { readOlderPeople, removeOlderPeople } from './older-people.ts';
import { replaceFile } from './replace-file.ts';

const SALT_BYTES = 18;
/** Under it stands the one salt of all who were never called. */
const STRANGERS = 'strangers';
const ENTRY = z.tuple([z.string(), z.string(), z.string()]);

/** Whose pseudonym hangs on which salt, and on which day (such as `2026-11-25`) it last stood in a line. */
interface Salt {
  readonly salt: string;
  readonly day: string;
}

/**
 * Gives each number a pseudonym that stands in the log in its place. It hangs on a random salt of that number: without
 * the salt nobody, not even who has the secret, can tell whose lines they are. To forget the salt is to erase the
 * person from a log that cannot be changed.
 */
export class People {
  readonly #file: string;
  readonly #key: Buffer;
  readonly #salts: Map<string, Salt>;
  /** What the file does not say yet. */
  #fresh = new Set<string>();
  /** The file says too much or too little, or its last line has no end. */
  #isStale: boolean;
  /** Ends with the last writing that was asked for. */
  #storing: Promise<void> = Promise.resolve();

  private constructor(file: string, key: Buffer, { salts, isWhole }: Read) {
    this.#file = file;
    this.#key = key;
    this.#salts = salts;
    this.#isStale = !isWhole;
  }

  /** @param today the day that those are taken to be of whom an older version has left without one */
  static async open(file: string, secret: Uint8Array, today: string): Promise<People> {
    const key = createHmac('sha256', secret).update('ringproof audit people').digest();
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    const { salts, isWhole } = readSalts(text);
    const older = await readOlderPeople(file);
    for (const [name, salt] of older ?? []) if (!salts.has(name)) salts.set(name, { salt, day: today });
    return new People(file, key, { salts, isWhole: isWhole && !older });
  }

  /** Of a number that was called, or that was to call. */
  pseudonym(number: string, day: string): string {
    return this.#under(this.#nameOf(number), number, day);
  }

  /**
   * Of a number for which a request was refused. As long as it was never called it shares its salt with all such numbers,
   * or whoever asks for a million numbers fills memory and disk; it is forgotten with the next person who is.
   */
  stranger(number: string, day: string): string {
    const name = this.#nameOf(number);
    return this.#under(this.#salts.has(name) ? name : STRANGERS, number, day);
  }

  /** Every pseudonym that may stand in the log for this number. */
  pseudonymsOf(number: string): readonly string[] {
    return [this.#nameOf(number), STRANGERS].flatMap((name) => {
      const found = this.#salts.get(name);
      return found ? [pseudonymBy(found.salt, number)] : [];
    });
  }

  /** Keyed only: an address is not what a person is erased by. */
  address(address: string): string {
    return hmac(this.#key, `address ${address}`);
  }

  /** Whether there was anything of this very number to forget; durable once `store` resolves. */
  forget(number: string): boolean {
    const hasForgotten = this.#salts.delete(this.#nameOf(number));
    const hadStrangers = this.#salts.delete(STRANGERS);
    if (hasForgotten || hadStrangers) this.#isStale = true;
    return hasForgotten;
  }

  /** Forgets who stands in no line since this day: what is left of a person must not outlive the lines. */
  retire(before: string): void {
    for (const [name, { day }] of this.#salts) {
      if (day >= before) continue;
      this.#salts.delete(name);
      this.#isStale = true;
    }
  }

  /** One writing at a time: a line must not go into a file that another is just taking the place of. */
  async store(): Promise<void> {
    const storing = this.#storing.then(async () => this.#storeNow());
    this.#storing = storing.catch(() => {});
    return storing;
  }

  async #storeNow(): Promise<void> {
    const [fresh, isStale] = [this.#fresh, this.#isStale];
    if (fresh.size === 0 && !isStale) return;
    this.#fresh = new Set();
    this.#isStale = false;
    try {
      if (isStale) await this.#replace();
      else await this.#append([...fresh]);
    } catch (error) {
      this.#fresh = new Set([...fresh, ...this.#fresh]);
      // Half a line may stand there.
      this.#isStale = true;
      throw error;
    }
  }

  #under(name: string, number: string, day: string): string {
    const known = this.#salts.get(name);
    const salt = known?.salt ?? randomBytes(SALT_BYTES).toString('base64url');
    if (!known || known.day < day) {
      this.#salts.set(name, { salt, day });
      this.#fresh.add(name);
    }
    return pseudonymBy(salt, number);
  }

  async #replace(): Promise<void> {
    await replaceFile(this.#file, this.#linesOf([...this.#salts.keys()]));
    await removeOlderPeople(this.#file);
    // Windows opens no folder, and keeps its names by itself.
    if (process.platform === 'win32') return;
    // A name that points to the old file again after a power cut would bring back who was forgotten.
    const folder = await open(dirname(this.#file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async #append(names: readonly string[]): Promise<void> {
    const handle = await open(this.#file, 'a', 0o600);
    try {
      await handle.writeFile(this.#linesOf(names));
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  #linesOf(names: readonly string[]): string {
    return names
      .flatMap((name) => {
        const found = this.#salts.get(name);
        return found ? [`${JSON.stringify([name, found.salt, found.day])}\n`] : [];
      })
      .join('');
  }

  #nameOf(number: string): string {
    return hmac(this.#key, number);
  }
}

interface Read {
  readonly salts: Map<string, Salt>;
  readonly isWhole: boolean;
}

/** A line for each salt; of two for one name the later one counts. What a crash has left of a line is passed over. */
function readSalts(text: string): Read {
  const salts = new Map<string, Salt>();
  const rows = text.split('\n');
  let isWhole = rows.pop() === '';
  for (const row of rows) {
    const entry = readEntry(row);
    if (entry) salts.set(entry[0], { salt: entry[1], day: entry[2] });
    else isWhole = false;
  }
  return { salts, isWhole };
}

function readEntry(row: string): z.output<typeof ENTRY> | undefined {
  try {
    return ENTRY.parse(JSON.parse(row));
  } catch {
    return undefined;
  }
}

function pseudonymBy(salt: string, number: string): string {
  return hmac(Buffer.from(salt, 'base64url'), number);
}

function hmac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
}

/** Enough to recognise one's own number by, too little to call it. */
export function masked(number: string): string {
  return number.length > 6 ? `${number.slice(0, 2)}…${number.slice(-2)}` : '…';
}
