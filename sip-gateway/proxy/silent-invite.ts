import type { Incoming } from './incoming.ts';
import { replyTo } from './reply.ts';
import { serialise } from './sip-message.ts';

/** Longer than anything that waits for it. */
const FORGET_MS = 600_000;

/** An INVITE that gets no final answer, unless it is canceled. */
export class SilentInvite {
  readonly caller: Incoming['flow'];
  readonly callee = undefined;
  readonly #incoming: Incoming;
  readonly #onOver: () => void;
  readonly #timer: NodeJS.Timeout;
  #isCanceled = false;

  constructor(incoming: Incoming, after: 'nothing' | 'trying' | 'ringing', onOver: () => void) {
    this.#incoming = incoming;
    this.caller = incoming.flow;
    this.#onOver = onOver;
    this.#timer = setTimeout(() => this.close(), FORGET_MS).unref();
    if (after !== 'nothing') this.#send(100);
    if (after === 'ringing') this.#send(180);
  }

  onRepeated(): void {}

  cancel(): void {
    if (this.#isCanceled) return;
    this.#isCanceled = true;
    this.#send(487);
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
