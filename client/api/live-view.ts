import { createParser } from 'eventsource-parser';
import type { VerificationView } from '../../server/http/contract.ts';
import { backoff } from './backoff.ts';
import { isGone, type Refusal } from './refusal.ts';

export interface LiveViewOptions {
  /** Opens the stream, resuming after this event. */
  open(lastEventId: string | undefined, signal: AbortSignal): Promise<Response>;
  onView(view: VerificationView): void;
  /** `lost`: no event can arrive at the moment; tries go on. */
  onConnection(state: 'live' | 'lost'): void;
  /** The server has nothing more to tell: what was seen last, or what GET says, is the end. */
  onEnd(): void;
  /** The token no longer opens this verification; nothing more will come. */
  onRefused(refusal: Refusal): void;
}

/** The server sends something at least every 15 s; three times that in silence is a dead connection. */
const SILENCE = 45_000;
/** Somebody who comes back, to a computer that slept perhaps, need not wait for that. */
const QUIET = 20_000;

/**
 * Follows one verification by server-sent events over fetch, because EventSource cannot send a token in a header.
 * Reconnects with back-off and Last-Event-ID until the call has ended and the verification is over, or `close`.
 */
export class LiveView {
  readonly #options: LiveViewOptions;
  #connection = new AbortController();
  #wake: () => void = () => {};
  #lastEventId: string | undefined;
  #attempt = 0;
  /** By the wall clock, which goes on while a computer sleeps. */
  #heardAt = 0;
  #isHurried = false;
  #isLost = false;
  #isClosed = false;
  #isOver = false;

  constructor(options: LiveViewOptions) {
    this.#options = options;
    void this.#follow();
  }

  /**
   * Stops waiting and tries at once, for when the network is back or somebody looks at the page again. A connection that
   * has been silent for too long is given up; another is not touched.
   */
  retryNow(): void {
    if (Date.now() - this.#heardAt > QUIET) {
      this.#isHurried = true;
      this.#connection.abort();
    }
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#connection.abort();
    this.#wake();
  }

  async #follow(): Promise<void> {
    while (!this.#isClosed && !this.#isOver) {
      try {
        await this.#readOnce();
      } catch (error) {
        if (this.#isClosed) return;
        if (isGone(error)) {
          this.#options.onRefused(error);
          return;
        }
        if (!this.#isHurried) this.#setLost(true);
      }
      if (this.#isClosed || this.#isOver) return;
      if (!this.#isHurried) await this.#pause(backoff(this.#attempt));
      this.#attempt += 1;
    }
  }

  async #readOnce(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#isHurried = false;
    this.#heardAt = Date.now();
    let silence = setTimeout(() => connection.abort(), SILENCE);
    try {
      const response = await this.#options.open(this.#lastEventId, connection.signal);
      this.#setLost(false);
      if (response.status === 204) {
        this.#isOver = true;
        this.#options.onEnd();
        return;
      }
      const parser = createParser({ onEvent: ({ id, data }) => this.#take(id, data) });
      const decoder = new TextDecoder();
      const reader = response.body?.getReader();
      if (!reader) return;
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.#isClosed) return;
        this.#heardAt = Date.now();
        clearTimeout(silence);
        silence = setTimeout(() => connection.abort(), SILENCE);
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(silence);
      connection.abort();
    }
  }

  #take(id: string | undefined, data: string): void {
    if (this.#isClosed) return;
    if (id !== undefined) this.#lastEventId = id;
    this.#attempt = 0;
    const view: VerificationView = JSON.parse(data);
    this.#isOver = view.status !== 'pending' && view.call.state === 'ended';
    this.#options.onView(view);
  }

  #setLost(isLost: boolean): void {
    if (this.#isLost === isLost) return;
    this.#isLost = isLost;
    this.#options.onConnection(isLost ? 'lost' : 'live');
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
