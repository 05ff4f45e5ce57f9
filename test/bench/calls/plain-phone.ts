import { Ear, type Heard, type Ledger } from './ear.ts';
import type { CallTimes, PhoneManner } from './messages.ts';
import { PlainMedia } from './plain-media.ts';
import { bodyOf, reply, requestWithin } from './plain-sip.ts';
import { BETWEEN_KEYS, FIRST_KEY, KEYS } from './timeline.ts';
import { Voice, type VoiceClock } from './voice.ts';

/** From the ringing to the answer, milliseconds. */
const RINGS = 100;
/**
 * A gateway's media relay begins its checks, and its 200 passes through a SIP proxy after that: through rtpengine and
 * Kamailio the check came before the 200 in 301 calls of 304, 6 ms (median). A 200 that goes out with the check crosses
 * it, and libjuice then puts off its own by 50 ms.
 */
const CHECKS_BEFORE = 5;

const CONTACT = 'Contact: <sip:phone@phone.invalid;transport=ws>';

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
  #media: PlainMedia;
  readonly #ear: Ear | undefined;
  readonly #voice: Voice;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #ssrc: number;
  #leave: (() => void) | undefined;
  #answeredAt: number | undefined;
  #keyedAt: number | undefined;
  #cseq = 0;

  constructor(options: PlainPhoneOptions) {
    this.#options = options;
    this.#ear = options.ledger && new Ear(options.ledger);
    this.#media = this.#mediaFor(options.invite);
    this.#ssrc = Number(/^a=ssrc:(\d+)/m.exec(options.invite)?.[1]);
    this.#voice = new Voice((packet) => this.#media.send(packet));
    options.send(reply(options.invite, '180 Ringing', { headers: [CONTACT] }));
    this.#after(RINGS, () => void this.#answer());
  }

  /** Undefined as long as it rings. */
  get times(): CallTimes | undefined {
    const [ssrc, answeredAt, keyedAt] = [this.#ssrc, this.#answeredAt, this.#keyedAt];
    return answeredAt === undefined ? undefined : { ssrc, answeredAt, ...(keyedAt !== undefined && { keyedAt }) };
  }

  /** A re-INVITE: the agent mends media that were lost in libdatachannel's race, as it does with a gateway. */
  async offered(invite: string): Promise<void> {
    this.#media.close();
    this.#media = this.#mediaFor(invite);
    this.#options.send(answerTo(invite, await this.#media.answer()));
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#leave?.();
    this.#media.close();
  }

  async #answer(): Promise<void> {
    const body = await this.#media.answer();
    this.#after(CHECKS_BEFORE, () => this.#sendAnswer(body));
  }

  #sendAnswer(body: string): void {
    const { invite, send, manner, clock } = this.#options;
    send(answerTo(invite, body));
    this.#answeredAt = now();
    this.#ear?.answered(this.#answeredAt);
    if (manner.talks) this.#leave = clock.add(this.#voice);
    Array.from(KEYS).forEach((key, n) => this.#after(FIRST_KEY + n * BETWEEN_KEYS, () => this.#press(key, n)));
  }

  #mediaFor(invite: string): PlainMedia {
    const ear = this.#ear;
    const onPacket = ear && ((packet: Uint8Array): void => ear.packet(heardNow(packet)));
    return new PlainMedia(bodyOf(invite), this.#options.manner.onePort === true, onPacket);
  }

  #press(key: string, n: number): void {
    const { invite, manner, send } = this.#options;
    if (n === KEYS.length - 1) {
      this.#keyedAt = now();
      this.#ear?.lastKey(this.#keyedAt);
    }
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

function answerTo(invite: string, body: string): string {
  return reply(invite, '200 OK', { headers: [CONTACT], body });
}

/** On the clock of the kernel's times. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function heardNow(packet: Uint8Array): Heard {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  return { at: now(), timestamp: view.getUint32(4), marker: view.getUint8(1) >= 0x80 };
}
