import { dirname } from 'node:path';
import type { Log } from '../log.ts';
import { inMib, systemCodeOf } from '../storage/disk-words.ts';
import type { Checkpoint } from '../storage/store-folder.ts';

/** A store that cannot write fails many times a second; the log says so as often as this, in milliseconds. */
const SAY_AGAIN_AFTER = 60_000;

/**
 * Sees to it that pages which cannot be written (docs/adr/0016) are noticed while the journal still takes every change,
 * and not once it is full.
 */
export class CheckpointWatch {
  readonly #log: Log;
  readonly #now: () => number;
  #latest: Checkpoint | undefined;
  #saidAt: number | undefined;
  #failed = 0;
  #written = 0;

  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  report(checkpoint: Checkpoint): void {
    this.#latest = checkpoint;
    if (checkpoint.error === undefined) this.#wrote();
    else this.#couldNot(checkpoint);
  }

  /** How often pages were written and could not be, since the start. */
  get counts(): { readonly written: number; readonly failed: number } {
    return { written: this.#written, failed: this.#failed };
  }

  /** What is to be known of pages that cannot be written; undefined while they can. */
  get trouble(): { readonly isFull: boolean; readonly detail: string } | undefined {
    if (this.#latest?.error === undefined) return undefined;
    const { error, room } = this.#latest;
    const what = `The pages of the store cannot be written (${systemCodeOf(error)})`;
    const isFull = room === 0;
    return {
      isFull,
      detail: isFull ? `${what}, and its journal is full` : `${what}; its journal takes ${inMib(room)} more`,
    };
  }

  #wrote(): void {
    this.#written += 1;
    if (this.#saidAt !== undefined) this.#log('info', 'store.pages-written');
    this.#saidAt = undefined;
  }

  #couldNot({ error, waiting, room }: Checkpoint): void {
    this.#failed += 1;
    const now = this.#now();
    if (this.#saidAt !== undefined && Math.abs(now - this.#saidAt) < SAY_AGAIN_AFTER) return;
    this.#saidAt = now;
    this.#log('error', 'store.pages-failed', { reason: systemCodeOf(error), folder: folderOf(error), waiting, room });
  }
}

/** Where it is, as the storage says; the number of a page would not pass the log. */
function folderOf(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('file' in each && typeof each.file === 'string') return dirname(each.file);
  }
  return undefined;
}
