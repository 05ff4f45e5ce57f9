import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { hasErrorCode } from './storage-error.ts';

/** How often an owner touches its claim, for those to whom its pid says nothing. */
export const HEARTBEAT = 2_000;
/** Five missed heartbeats. */
const SILENT_FOR = 10_000;

/** A process's wish to use a store: a file whose name says whose it is. A second one beside it says that it does. */
export interface Claim {
  readonly path: string;
  readonly owner: ProcessIdentity;
}

export type Standing = 'alive' | 'dead' | 'unknown';

export function claimOf(file: string, owner: ProcessIdentity): Claim {
  return { path: `${file}.lock.${owner.pid}-${owner.startedAt}-${owner.place}`, owner };
}

export async function claimsOn(file: string): Promise<readonly Claim[]> {
  const prefix = `${basename(file)}.lock.`;
  const names = (await readdir(dirname(file))).filter((name) => name.startsWith(prefix));
  return names.flatMap((name) => {
    const { pid, startedAt, place } =
      /^(?<pid>\d+)-(?<startedAt>\d+)-(?<place>[0-9a-f]+)$/.exec(name.slice(prefix.length))?.groups ?? {};
    if (pid === undefined || startedAt === undefined || place === undefined) return [];
    return [{ path: join(dirname(file), name), owner: { pid: Number(pid), startedAt, place } }];
  });
}

export async function hold({ path }: Claim): Promise<void> {
  await writeFile(`${path}.held`, '', { mode: 0o600 });
}

export async function isHeld({ path }: Claim): Promise<boolean> {
  return (await touchedAt(`${path}.held`)) !== undefined;
}

/** In this order: a claim that is no more must not be followed by a mark that it is held. */
export async function withdraw({ path }: Claim): Promise<void> {
  await rm(`${path}.held`, { force: true });
  await rm(path, { force: true });
}

/** Tells whether the owners of claims live; it has to look more than once at those of another machine or container. */
export class Watch {
  readonly #own: Claim;
  readonly #firstSeen = new Map<string, number>();

  constructor(own: Claim) {
    this.#own = own;
  }

  async standingOf(claim: Claim): Promise<Standing> {
    if (claim.owner.place === this.#own.owner.place) {
      return (await isRunning(claim.owner, this.#own.owner)) ? 'alive' : 'dead';
    }
    const touched = await touchedAt(claim.path);
    if (touched === undefined) return 'dead';
    const before = this.#firstSeen.get(claim.path) ?? touched;
    this.#firstSeen.set(claim.path, before);
    if (touched !== before) return 'alive';
    // Our own claim is touched by the same clock, the file system's.
    const now = (await touchedAt(this.#own.path)) ?? touched;
    return now - touched > SILENT_FOR ? 'dead' : 'unknown';
  }
}

async function touchedAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
