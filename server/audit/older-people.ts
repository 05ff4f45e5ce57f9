import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const SALTS = z.record(z.string(), z.string());

/** Where all names and salts were kept as one object, before a file of lines took its place beside it. */
function olderFile(file: string): string {
  return join(dirname(file), 'people.json');
}

/** The salt of each name that an older version has left; undefined where it has left none. */
export async function readOlderPeople(file: string): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return new Map(Object.entries(SALTS.parse(JSON.parse(await readFile(olderFile(file), 'utf8')))));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function removeOlderPeople(file: string): Promise<void> {
  await rm(olderFile(file), { force: true });
}
