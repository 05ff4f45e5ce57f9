import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dayFiles, dayOf, PEOPLE_FILE } from './audit-files.ts';
import { readLine, type AuditLine } from './audit-line.ts';
import { People } from './people.ts';

export interface FindOptions {
  readonly folder: string;
  readonly secret: Uint8Array;
  /** Normalised. */
  readonly number: string;
}

/** The lines about a number, oldest first: its verifications with all that came of them, and what was refused for it. */
export async function findLines({ folder, secret, number }: FindOptions): Promise<readonly AuditLine[]> {
  const people = await People.open(join(folder, PEOPLE_FILE), secret, dayOf(Date.now()));
  const pseudonyms: readonly unknown[] = people.pseudonymsOf(number);
  const verifications = new Set<unknown>();
  const found: AuditLine[] = [];
  for (const file of await dayFiles(folder)) {
    for (const row of (await readFile(file, 'utf8')).split('\n')) {
      const line = readLine(row);
      if (!line) continue;
      const { person, verification } = line.fields;
      const isAbout = pseudonyms.includes(person);
      if (isAbout && verification !== undefined) verifications.add(verification);
      if (isAbout || verifications.has(verification)) found.push(line);
    }
  }
  return found;
}
