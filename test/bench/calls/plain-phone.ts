import { Ear, type Ledger } from './ear.ts';
import type { PhoneManner } from './messages.ts';
import { PlainMedia } from './plain-media.ts';
import { bodyOf, reply, requestWithin } from './plain-sip.ts';
import { BETWEEN_KEYS, FIRST_KEY, KEYS } from './timeline.ts';
import { Voice, type VoiceClock } from './voice.ts';

/** From the ringing to the answer, milliseconds. */
const RINGS = 100;

export interface PlainPhoneOptions {
  readonly invite: string;
  readonly manner: PhoneManner;
  readonly send: (message: string) => void;
  readonly clock: VoiceClock;
  /** Where it is to be listened to; absent: the packets are dropped in native code. */
  readonly ledger: Ledger | undefined;
}

/** One call at the phones' end: rings, answers, keys, and waits for the BYE. */
export class PlainPhone {
  readonly #options: PlainPhoneOptions;
  readonly #media: PlainMedia;
  readonly #ear: Ear | undefined;
  readonly #voice: Voice;
  readonly #timers: NodeJS.Timeout[] = [];
  #leave: (() => void) | undefined;
  #cseq = 0;

  constructor(options: PlainPhoneOptions) {
    this.#options = options;
    const ear = options.ledger && new Ear(options.ledger);
    this.#ear = ear;
    this.#media = new PlainMedia(
      bodyOf(options.invite),
      options.manner.onePort === true,
      ear && ((packet) => ear.packet(packet)),
    );
    this.#voice = new Voice((packet) => this.#media.send(packet));
    options.send(
      reply(options.invite, '180 Ringing', { headers: ['Contact: <sip:phone@phone.invalid;transport=ws>'] }),
    );
    this.#after(RINGS, () => void this.#answer());
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#leave?.();
    this.#media.close();
  }

  async #answer(): Promise<void> {
    const { invite, send, manner, clock } = this.#options;
    const body = await this.#media.answer();
    send(reply(invite, '200 OK', { headers: ['Contact: <sip:phone@phone.invalid;transport=ws>'], body }));
    this.#ear?.answered();
    if (manner.talks) this.#leave = clock.add(this.#voice);
    Array.from(KEYS).forEach((key, n) => this.#after(FIRST_KEY + n * BETWEEN_KEYS, () => this.#press(key, n)));
  }

  #press(key: string, n: number): void {
    const { invite, manner, send } = this.#options;
    if (n === KEYS.length - 1) this.#ear?.lastKey();
    if (manner.keys === 'rfc4733') {
      this.#voice.press(key);
      return;
    }
    this.#cseq += 1;
    send(requestWithin(invite, 'INFO', { cseq: this.#cseq, body: `Signal=${key}\r\nDuration=100\r\n` }));
  }

  #after(ms: number, body: () => void): void {
    this.#timers.push(setTimeout(body, ms));
  }
}
