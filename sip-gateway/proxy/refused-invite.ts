import type { Flow } from './flow.ts';
import { serialise, type SipResponse } from './sip-message.ts';

const LINGER_MS = 32_000;

/** An INVITE that the proxy itself answered: remembered so that its ACK, CANCEL and repetitions go no further. */
export class RefusedInvite {
  readonly caller: Flow;
  readonly callee = undefined;
  readonly #response: SipResponse;
  readonly #onOver: () => void;
  readonly #timer: NodeJS.Timeout;

  constructor(caller: Flow, response: SipResponse, onOver: () => void) {
    this.caller = caller;
    this.#response = response;
    this.#onOver = onOver;
    this.#timer = setTimeout(() => this.close(), LINGER_MS).unref();
  }

  onRepeated(): void {
    this.caller.send(serialise(this.#response));
  }

  onCallerGone(): void {
    this.close();
  }

  onCalleeGone(): void {}

  close(): void {
    clearTimeout(this.#timer);
    this.#onOver();
  }
}
