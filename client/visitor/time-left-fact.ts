import { element } from '../dom/element.ts';
import { clockText, secondsLeft } from './time-left.ts';

const ALMOST_OVER = 60;

/** A clock that runs down, once a second. */
export class TimeLeftFact {
  readonly element = element('span', { class: 'clock', role: 'timer' });
  readonly #timer: number;
  readonly #now: () => number;
  readonly #onAlmostOver: () => void;
  #expiresAt = Number.POSITIVE_INFINITY;
  #wasWarned = false;

  /** @param now the server's time, in milliseconds. */
  constructor(now: () => number, onAlmostOver: () => void) {
    this.#now = now;
    this.#onAlmostOver = onAlmostOver;
    this.#timer = window.setInterval(() => this.#draw(), 1000);
  }

  setEnd(expiresAt: number): void {
    this.#expiresAt = expiresAt;
    this.#wasWarned = secondsLeft(expiresAt, this.#now()) < ALMOST_OVER;
    this.#draw();
  }

  close(): void {
    window.clearInterval(this.#timer);
  }

  #draw(): void {
    const seconds = secondsLeft(this.#expiresAt, this.#now());
    this.element.textContent = clockText(seconds);
    this.element.classList.toggle('short', seconds <= ALMOST_OVER);
    if (seconds > ALMOST_OVER || this.#wasWarned) return;
    this.#wasWarned = true;
    this.#onAlmostOver();
  }
}
