/**
 * What has been opened, to be closed in the opposite order; once, and all of it even if one fails. What is opened while
 * they close, or later, is closed as it comes.
 */
export class Closers {
  readonly #closers: (() => Promise<void>)[] = [];
  #closed: Promise<void> | undefined;

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
    if (!this.#closed) return;
    this.#closed = this.#closed.then(async () => this.#closeAll());
    // Whoever closes is told.
    this.#closed.catch(() => {});
  }

  async close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    const faults: unknown[] = [];
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      await close().catch((error: unknown) => faults.push(error));
    }
    if (faults.length > 0) throw new AggregateError(faults, 'Not everything could be closed');
  }
}
