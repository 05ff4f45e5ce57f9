import { createHook } from 'node:async_hooks';

/** Counts the timers that are set in this process, those that do not keep it alive as well. */
export class Census {
  readonly #timers = new Set<number>();
  readonly #hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout') this.#timers.add(id);
    },
    destroy: (id) => void this.#timers.delete(id),
  }).enable();

  get timers(): number {
    return this.#timers.size;
  }

  close(): void {
    this.#hook.disable();
  }
}
