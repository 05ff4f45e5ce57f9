import { Readable } from 'node:stream';

/** What one reader may leave unread; a whole verification's events are about 20 kB. */
const MAX_UNREAD_BYTES = 128 * 1024;
const RECONNECT_AFTER_MS = 1_000;

export interface ServerSentEvent {
  readonly id: number;
  readonly name: string;
  readonly data: unknown;
}

/** One reader's server-sent events (WHATWG HTML §9.2), as a stream that a response can be. */
export class EventStream extends Readable {
  readonly #onGone: (stream: EventStream) => void;
  #lagging = false;
  #ended = false;

  constructor(onGone: (stream: EventStream) => void) {
    super({ read: () => {} });
    this.#onGone = onGone;
    this.push(`retry: ${RECONNECT_AFTER_MS}\n\n`);
  }

  send({ id, name, data }: ServerSentEvent): void {
    this.#write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** A comment keeps proxies from closing a quiet stream; a reader that has not taken the one before is gone. */
  beat(): void {
    const unread = this.readableLength > 0;
    if (unread && this.#lagging) {
      this.destroy();
      return;
    }
    this.#lagging = unread;
    this.#write(': still here\n\n');
  }

  /** Ends after what is unread. */
  end(): void {
    if (this.#ended || this.destroyed) return;
    this.#ended = true;
    this.push(null);
  }

  #write(text: string): void {
    if (this.#ended || this.destroyed) return;
    this.push(text);
    if (this.readableLength > MAX_UNREAD_BYTES) this.destroy();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#onGone(this);
    callback(error);
  }
}
