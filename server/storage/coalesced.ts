import { setImmediate } from 'node:timers/promises';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A job that everyone who asks while it runs shares the next run of: each `run()` resolves after a run that
 * started later than the call. A failed run fails everyone who waits then, also those of the next run, because
 * what they asked for stands on what was lost.
 */
export class Coalesced {
  readonly #job: () => Promise<void>;
  readonly #onFailed: () => void;
  #waiting: Waiter[] = [];
  #working: Promise<void> | undefined;

  /** @param onFailed runs in the same turn in which the waiting are refused, so that nobody sees a state between. */
  constructor(job: () => Promise<void>, onFailed: () => void = () => {}) {
    this.#job = job;
    this.#onFailed = onFailed;
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Resolves when nothing runs and nobody waits. Never rejects: failures belong to those who asked. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // Whoever else asks in this turn of the event loop joins the first run.
    await setImmediate();
    while (this.#waiting.length > 0) {
      const batch = this.#takeWaiting();
      try {
        await this.#job();
        for (const { resolve } of batch) resolve();
      } catch (error) {
        this.#onFailed();
        for (const { reject } of [...batch, ...this.#takeWaiting()]) reject(error);
      }
    }
    this.#working = undefined;
  }

  #takeWaiting(): readonly Waiter[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
