import { telephoneEventsOf } from '../dtmf/telephone-event.ts';
import type { CallMedia } from '../sip/call-media.ts';
import type { RTCSession } from '../sip/jssip.ts';
import type { KeyWay } from './phone-event.ts';

export interface KeySenderOptions {
  readonly session: Pick<RTCSession, 'sendInfo' | 'isEnded'>;
  readonly media: CallMedia;
  readonly way: KeyWay;
  /** Milliseconds. */
  readonly now: () => number;
  readonly onKeyed: (key: string, way: KeyWay) => void;
}

/** How long a key is held, and how long the finger travels to the next; a quick person. Milliseconds. */
const HELD = 120;
const BETWEEN = 120;
const PACKET = 20;

/** Presses keys one after the other. */
export class KeySender {
  readonly #options: KeySenderOptions;
  readonly #startedAt: number;
  #last: Promise<void> = Promise.resolve();
  #sleeping: { readonly timer: NodeJS.Timeout; readonly wake: () => void } | undefined;
  #closed = false;

  constructor(options: KeySenderOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  /** Resolves when the last of these keys has been let go, or the call is over. */
  press(keys: string): Promise<void> {
    this.#last = this.#pressAfter(this.#last, keys);
    return this.#last;
  }

  close(): void {
    this.#closed = true;
    if (!this.#sleeping) return;
    clearTimeout(this.#sleeping.timer);
    this.#sleeping.wake();
  }

  async #pressAfter(before: Promise<void>, keys: string): Promise<void> {
    await before;
    for (const key of keys) await this.#press(key);
  }

  async #press(key: string): Promise<void> {
    const { session, media, way, onKeyed } = this.#options;
    if (this.#closed || session.isEnded()) return;
    const payloadType = media.negotiated?.telephoneEvent;
    if (way === 'info' || payloadType === undefined) {
      try {
        session.sendInfo('application/dtmf-relay', `Signal=${key}\r\nDuration=${HELD}\r\n`);
      } catch {
        return; // JsSIP takes none before the call is answered; nobody would hear it either
      }
      onKeyed(key, 'info');
      await this.#sleep(HELD + BETWEEN);
      return;
    }
    // All packets of one press carry the time at which it began (RFC 4733 §2.5.1.2).
    const time = Math.round((this.#options.now() - this.#startedAt) * 8);
    onKeyed(key, 'rfc4733');
    for (const { payload, marker } of telephoneEventsOf(key, HELD)) {
      media.send(media.stream.next(payload, { payloadType, time, marker }));
      await this.#sleep(PACKET);
    }
    await this.#sleep(BETWEEN);
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#sleeping = { timer: setTimeout(resolve, ms), wake: resolve };
    });
    this.#sleeping = undefined;
  }
}
