import type { Incoming } from './incoming.ts';
import { replyTo } from './reply.ts';
import { serialise } from './sip-message.ts';

/** Longer than anything that waits for it; without any answer a caller waits 32 s (RFC 3261 §17.1.1.2, timer B). */
const FORGET_MS = { nothing: 33_000, trying: 600_000, ringing: 600_000 } as const;

/** An INVITE that gets no final answer, unless it is canceled. */
export class SilentInvite {
  readonly caller: Incoming['flow'];
  readonly callee = undefined;
  readonly #incoming: Incoming;
  readonly #onOver: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(incoming: Incoming, after: 'nothing' | 'trying' | 'ringing', onOver: () => void) {
    this.#incoming = incoming;
    this.caller = incoming.flow;
    this.#onOver = onOver;
    this.#timer = setTimeout(() => this.close(), FORGET_MS[after]).unref();
    if (after !== 'nothing') this.#send(100);
    if (after === 'ringing') this.#send(180);
  }

  onRepeated(): void {}

  cancel(): void {
    this.#send(487);
    this.close();
  }

  onCallerGone(): void {
    this.close();
  }

  onCalleeGone(): void {}

  close(): void {
    clearTimeout(this.#timer);
    this.#onOver();
  }

  #send(status: 100 | 180 | 487): void {
    this.caller.send(serialise(replyTo(this.#incoming.request, { status })));
  }
}
