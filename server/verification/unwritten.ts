import { VerificationError } from './errors.ts';
import type { Decision, Records } from './records.ts';

interface Change {
  readonly id: string;
  readonly decide: Decision;
  readonly what: string;
}

/**
 * How calls ended, as long as the store cannot take it: nobody will report it again, and a verification must not stay in
 * its call for ever because a disk was full for a minute.
 */
export class Unwritten {
  readonly #records: Pick<Records, 'change'>;
  readonly #onError: (error: unknown, what: string) => void;
  #changes: readonly Change[] = [];

  constructor(records: Pick<Records, 'change'>, onError: (error: unknown, what: string) => void) {
    this.#records = records;
    this.#onError = onError;
  }

  /** Writes it now, or as soon as `retry` finds that it can be. Never rejects. */
  async write(change: Change): Promise<void> {
    try {
      await this.#records.change(change.id, change.decide);
    } catch (error) {
      const isForLater = error instanceof VerificationError && error.code === 'storage_unavailable';
      if (isForLater) this.#changes = [...this.#changes, change];
      if (!isErased(error)) this.#onError(error, change.what);
    }
  }

  async retry(): Promise<void> {
    const changes = this.#changes;
    this.#changes = [];
    for (const change of changes) await this.write(change);
  }
}

/** A person was erased while the line was still up: there is nothing left to write to. */
export function isErased(error: unknown): boolean {
  return error instanceof VerificationError && error.code === 'verification_not_found';
}
