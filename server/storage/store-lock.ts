import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimOf, claimsOn, HEARTBEAT, hold, isHeld, Watch, withdraw, type Claim } from './lock-claim.ts';
import { ownIdentity } from './process-identity.ts';
import { hasErrorCode, StorageError } from './storage-error.ts';

const LOOK_AGAIN_AFTER = 20;
/** Longer than it takes to tell whether a process on another machine lives. */
const PATIENCE = 15_000;

/**
 * Lets one process at a time use a store. Each starter first writes a claim of its own name beside the store and
 * then looks for the claims of others. As nobody ever takes over another's claim, there is no moment in which two
 * starters can both have found nobody, and the claim of a dead process can be removed by anyone.
 */
export class StoreLock {
  readonly #claim: Claim;
  readonly #handle: FileHandle;
  readonly #heartbeat: NodeJS.Timeout;
  #released: Promise<void> | undefined;

  private constructor(claim: Claim, handle: FileHandle) {
    this.#claim = claim;
    this.#handle = handle;
    this.#heartbeat = setInterval(() => {
      // A missed beat is no harm: it takes five.
      handle.write('.', 0).catch(() => {});
    }, HEARTBEAT).unref();
  }

  /**
   * @param signal aborted when the store is not wanted any more
   * @throws StorageError `in-use`, which names the file and the process; or the signal's reason
   */
  static async acquire(file: string, signal?: AbortSignal): Promise<StoreLock> {
    const claim = claimOf(file, await ownIdentity());
    const lock = new StoreLock(claim, await create(file, claim));
    try {
      await waitForOthers(file, claim, signal);
      await hold(claim);
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Harmless when called twice. */
  async release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#handle.close();
    await withdraw(this.#claim);
  }
}

async function create(file: string, claim: Claim): Promise<FileHandle> {
  try {
    return await open(claim.path, 'wx', 0o600);
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) throw inUse(file, claim);
    throw error;
  }
}

/** Returns when no other process uses the store, and none that goes before us is about to. */
async function waitForOthers(file: string, own: Claim, signal?: AbortSignal): Promise<void> {
  const watch = new Watch(own);
  const giveUpAt = performance.now() + PATIENCE;
  for (;;) {
    let isFree = true;
    for (const other of await claimsOn(file)) {
      if (other.path === own.path) continue;
      const standing = await watch.standingOf(other);
      if (standing === 'dead') {
        await withdraw(other);
        continue;
      }
      isFree = false;
      if (standing === 'alive' && (!goesBefore(own, other) || (await isHeld(other)))) throw inUse(file, other);
      if (performance.now() > giveUpAt) throw inUse(file, other);
    }
    if (isFree) return;
    await sleep(LOOK_AGAIN_AFTER, undefined, { ...(signal && { signal }) });
  }
}

/** Of two that start together; the one that goes first still waits to see whether the other was faster. */
function goesBefore(own: Claim, other: Claim): boolean {
  return orderOf(own) < orderOf(other);
}

/** Not the whole path: another container may see the folder elsewhere. */
function orderOf({ path }: Claim): string {
  return basename(path);
}

function inUse(file: string, { owner, path }: Claim): StorageError {
  return new StorageError(
    'in-use',
    `The store ${file} is in use by process ${owner.pid} (${path}): stop that process, or choose another RINGPROOF_STORE`,
    { file },
  );
}
