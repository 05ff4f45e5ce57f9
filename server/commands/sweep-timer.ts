const EVERY = 1_000;

/** Does due work every second, never twice at once. */
export class SweepTimer {
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(sweep: () => Promise<void>, onError: (error: unknown, what: string) => void) {
    this.#timer = setInterval(() => {
      this.#running ??= sweep()
        .catch((error: unknown) => onError(error, 'sweeping'))
        .finally(() => {
          this.#running = undefined;
        });
    }, EVERY).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
