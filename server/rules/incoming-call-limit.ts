import type { Window } from './call-limits.ts';
import { SlidingWindow } from './sliding-window.ts';

export interface IncomingLimits {
  /** Of one caller; all withheld numbers are one. */
  readonly caller: readonly Window[];
  /** Of everybody together whom nobody waits for: a flood of strangers must not keep out who is expected. */
  readonly strangers: readonly Window[];
}

export interface KnownCaller {
  /** A keyed hash; undefined for a withheld number. */
  readonly number: string | undefined;
  /** A verification waits for this call. */
  readonly isExpected: boolean;
}

/**
 * How often calls that come in are answered. An answer costs the caller money and us a line, so that a machine which
 * calls all day hears busy. Forgotten by a restart: that costs a few answers.
 */
export class IncomingCallLimit {
  readonly #caller: readonly SlidingWindow[];
  readonly #strangers: readonly SlidingWindow[];

  constructor({ caller, strangers }: IncomingLimits) {
    this.#caller = caller.map((window) => new SlidingWindow(window));
    this.#strangers = strangers.map((window) => new SlidingWindow(window));
  }

  /** Decides and counts in one step. */
  admit({ number = '', isExpected }: KnownCaller, now: number): boolean {
    const counters = [
      ...this.#caller.map((window) => ({ window, key: number })),
      ...(isExpected ? [] : this.#strangers.map((window) => ({ window, key: 'strangers' }))),
    ];
    if (counters.some(({ window, key }) => window.fill(key, now).waitMs > 0)) return false;
    for (const { window, key } of counters) window.record(key, now);
    return true;
  }

  forget(now: number): void {
    for (const window of [...this.#caller, ...this.#strangers]) window.forget(now);
  }
}
