/**
 * Lets the jobs of one key run one at a time, in the order they asked. It is what keeps the changes of a
 * verification in order, and two creations with the same idempotency key from placing two calls.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  take<T>(key: string, job: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before === undefined ? job() : before.then(job);
    const leave = (): void => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    };
    // The job's owner hears of its failure; the next in line only waits for its end.
    const over: Promise<void> = mine.then(leave, leave);
    this.#last.set(key, over);
    return mine;
  }

  /** Resolves when every job that has asked until then, or asks while waiting, is done. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}
