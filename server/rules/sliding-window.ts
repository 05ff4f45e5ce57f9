import type { Window } from './call-limits.ts';

/** How full a window is, and how long until there is room in it again: 0 while there is. */
export interface Fill {
  readonly window: Window;
  readonly used: number;
  readonly waitMs: number;
}

/** Times of calls, the oldest first; those before `from` are no more in the window. */
interface Times {
  readonly at: number[];
  from: number;
}

/** What is over is taken out when it is at least so much, and more than half. */
const SPARE = 64;

/**
 * The time of each call of each key, so that the limit holds for every span of this length. (A counter that begins
 * anew each hour lets twice the limit through around its edge; docs/adr/0011.) To count costs the same however many
 * calls there were.
 */
export class SlidingWindow {
  readonly #window: Window;
  readonly #ms: number;
  readonly #times = new Map<string, Times>();

  constructor(window: Window) {
    this.#window = window;
    this.#ms = window.seconds * 1_000;
  }

  record(key: string, at: number): void {
    const times = this.#times.get(key);
    if (!times) {
      this.#times.set(key, { at: [at], from: 0 });
      return;
    }
    // Behind those that are not later: nearly always at the end, but a clock may be set back.
    let place = times.at.length;
    while (place > times.from && (times.at[place - 1] ?? 0) > at) place -= 1;
    if (place === times.at.length) times.at.push(at);
    else times.at.splice(place, 0, at);
  }

  fill(key: string, now: number): Fill {
    const { calls } = this.#window;
    const times = this.#times.get(key);
    if (!times) return { window: this.#window, used: 0, waitMs: 0 };
    this.#leave(times, now);
    const used = times.at.length - times.from;
    // The call that makes room is the first of the last few.
    const next = times.at[times.at.length - calls];
    const waitMs = used < calls || next === undefined ? 0 : next + this.#ms - now;
    return { window: this.#window, used, waitMs };
  }

  /** Drops what is older than the window. */
  forget(now: number): void {
    for (const [key, times] of this.#times) {
      this.#leave(times, now);
      if (times.from === times.at.length) this.#times.delete(key);
    }
  }

  #leave(times: Times, now: number): void {
    const { at } = times;
    while (times.from < at.length && (at[times.from] ?? now) <= now - this.#ms) times.from += 1;
    if (times.from < SPARE || times.from * 2 < at.length) return;
    at.splice(0, times.from);
    times.from = 0;
  }
}
