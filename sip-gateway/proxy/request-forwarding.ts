import type { Flow } from './flow.ts';
import { replyTo } from './reply.ts';
import { serialise, type SipRequest, type SipResponse } from './sip-message.ts';

/** RFC 3261 timer F; RFC 4320 §4.2: nobody is told, the sender's own timer has run as long. */
const UNANSWERED_MS = 32_000;

interface RequestLegs {
  readonly received: SipRequest;
  readonly sent: SipRequest;
  readonly caller: Flow;
  readonly callee: Flow;
  readonly onOver: () => void;
}

/** A request other than INVITE and ACK on its way through the proxy. */
export class RequestForwarding {
  readonly caller: Flow;
  readonly callee: Flow;
  readonly #legs: RequestLegs;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  constructor(legs: RequestLegs) {
    this.#legs = legs;
    this.caller = legs.caller;
    this.callee = legs.callee;
    this.#timer = setTimeout(() => this.close(), UNANSWERED_MS).unref();
  }

  start(): void {
    this.callee.send(serialise(this.#legs.sent));
  }

  /** Nothing to repeat: the connection is reliable and the answer is on its way. */
  onRepeated(): void {}

  onResponse(response: SipResponse): void {
    if (this.#isOver || response.status === 100) return;
    this.caller.send(serialise(response));
    if (response.status >= 200) this.close();
  }

  onCallerGone(): void {
    this.close();
  }

  onCalleeGone(): void {
    if (!this.#isOver) this.caller.send(serialise(replyTo(this.#legs.received, { status: 480 })));
    this.close();
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#legs.onOver();
  }
}
