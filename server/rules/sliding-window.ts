import type { Window } from './call-limits.ts';

/** How full a window is, and how long until there is room in it again: 0 while there is. */
export interface Fill {
  readonly window: Window;
  readonly used: number;
  readonly waitMs: number;
}

/**
 * The time of each call of each key, so that the limit holds for every span of this length. (A counter that begins
 * anew each hour lets twice the limit through around its edge; docs/adr/0011.)
 */
export class SlidingWindow {
  readonly #window: Window;
  readonly #ms: number;
  readonly #times = new Map<string, number[]>();

  constructor(window: Window) {
    this.#window = window;
    this.#ms = window.seconds * 1_000;
  }

  record(key: string, at: number): void {
    const times = this.#times.get(key);
    if (times) times.push(at);
    else this.#times.set(key, [at]);
  }

  fill(key: string, now: number): Fill {
    const { calls } = this.#window;
    const recent = this.#recent(this.#times.get(key) ?? [], now);
    // Times may be in any order: a clock may be set back. The call that makes room is the first of the last few.
    const next = recent.toSorted((a, b) => a - b).at(-calls);
    const waitMs = recent.length < calls || next === undefined ? 0 : next + this.#ms - now;
    return { window: this.#window, used: recent.length, waitMs };
  }

  /** Drops what is older than the window. */
  forget(now: number): void {
    for (const [key, times] of this.#times) {
      const recent = this.#recent(times, now);
      if (recent.length === 0) this.#times.delete(key);
      else this.#times.set(key, recent);
    }
  }

  #recent(times: readonly number[], now: number): number[] {
    return times.filter((at) => at > now - this.#ms);
  }
}
