import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from './replace-file.ts';

const PEOPLE = z.record(z.string(), z.string());

/**
 * Gives each number a pseudonym that stands in the log in its place. It hangs on a random salt of that number: without
 * the salt nobody, not even who has the secret, can tell whose lines they are. To forget the salt is to erase the
 * person from a log that cannot be changed.
 */
export class People {
  readonly #file: string;
  readonly #key: Buffer;
  readonly #salts: Map<string, string>;
  #isStored = true;

  private constructor(file: string, key: Buffer, salts: Map<string, string>) {
    this.#file = file;
    this.#key = key;
    this.#salts = salts;
  }

  static async open(file: string, secret: Uint8Array): Promise<People> {
    const key = createHmac('sha256', secret).update('ringproof audit people').digest();
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
      throw error;
    });
    return new People(file, key, new Map(Object.entries(PEOPLE.parse(JSON.parse(text)))));
  }

  pseudonym(number: string): string {
    const name = this.#hmac(this.#key, number);
    let salt = this.#salts.get(name);
    if (salt === undefined) {
      salt = randomBytes(18).toString('base64url');
      this.#salts.set(name, salt);
      this.#isStored = false;
    }
    return this.#hmac(Buffer.from(salt, 'base64url'), number);
  }

  /** Keyed only: an address is not what a person is erased by. */
  address(address: string): string {
    return this.#hmac(this.#key, `address ${address}`);
  }

  /** Whether there was anything to forget; durable once `store` resolves. */
  forget(number: string): boolean {
    const hasForgotten = this.#salts.delete(this.#hmac(this.#key, number));
    if (hasForgotten) this.#isStored = false;
    return hasForgotten;
  }

  async store(): Promise<void> {
    if (this.#isStored) return;
    this.#isStored = true;
    try {
      await replaceFile(this.#file, JSON.stringify(Object.fromEntries(this.#salts)));
    } catch (error) {
      this.#isStored = false;
      throw error;
    }
  }

  #hmac(key: Buffer, text: string): string {
    return createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);
  }
}

/** Enough to recognise one's own number by, too little to call it. */
export function masked(number: string): string {
  return number.length > 6 ? `${number.slice(0, 2)}…${number.slice(-2)}` : '…';
}
