import { createHook } from 'node:async_hooks';
import { report } from 'node:process';
import { collectGarbage } from '../support/collect-garbage.ts';

/** Counts the timers that are set in this process and libuv's handles, those that do not keep it alive as well. */
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

  /** Of sockets, and of native callbacks: what the media engine does not let go of shows here and nowhere else. */
  get handles(): number {
    collectGarbage();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node types the report as an object
    return (report.getReport() as { readonly libuv: readonly unknown[] }).libuv.length;
  }

  close(): void {
    this.#hook.disable();
  }
}
