import type { Flow } from './flow.ts';
import type { OwnStatus } from './incoming.ts';
import { replyTo } from './reply.ts';
import {
  EMPTY_BODY,
  header,
  headerOf,
  headersOf,
  serialise,
  type SipRequest,
  type SipResponse,
} from './sip-message.ts';

/**
 *                     1xx               2xx
 *   calling --------------> proceeding ------> accepted ---> over
 *      |      \                 |                 (32 s: further 2xx pass, RFC 6026 §7.1)
 *      |       `--- 2xx --------|-- to accepted
 *      |                        |
 *      `--- 3xx-6xx, 408, 480 --'------------> completed --> over
 *                                                 (32 s: ACK is taken in, the answer repeated)
 */
export type InviteState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'over';

export interface InviteTimes {
  /** No response at all (RFC 3261 timer B). Milliseconds, as all here. */
  readonly firstResponse: number;
  /** Ringing without an answer (RFC 3261 timer C). */
  readonly ring: number;
  /** How long a canceled INVITE may stay unanswered, and how long a finished one is remembered (64 × T1). */
  readonly linger: number;
}

export const INVITE_TIMES: InviteTimes = { firstResponse: 32_000, ring: 185_000, linger: 32_000 };

export interface InviteLegs {
  /** As it came, with the caller's Via on top. */
  readonly received: SipRequest;
  /** As it went out, with our Via on top. */
  readonly sent: SipRequest;
  readonly caller: Flow;
  readonly callee: Flow;
  readonly times: InviteTimes;
  readonly onOver: () => void;
}

/** One INVITE on its way through the proxy: server transaction on one side, client transaction on the other. */
export class InviteForwarding {
  readonly caller: Flow;
  readonly callee: Flow;
  readonly #legs: InviteLegs;
  #state: InviteState = 'calling';
  /** Why a CANCEL was sent or is due; decides what the caller is told if nothing better comes. */
  #cancelStatus: 408 | 487 | undefined;
  #isCallerGone = false;
  #answer: SipResponse | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(legs: InviteLegs) {
    this.#legs = legs;
    this.caller = legs.caller;
    this.callee = legs.callee;
  }

  get state(): InviteState {
    return this.#state;
  }

  start(): void {
    this.#reply(replyTo(this.#legs.received, { status: 100 }));
    this.callee.send(serialise(this.#legs.sent));
    this.#setTimer(this.#legs.times.firstResponse, () => this.#finish(408));
  }

  /** The caller sent it again: the answer is repeated, nothing is forwarded. */
  onRepeated(): void {
    if (this.#answer && this.#state !== 'accepted') this.caller.send(serialise(this.#answer));
  }

  /** `response` without our Via. */
  onResponse(response: SipResponse): void {
    if (response.status >= 300) this.#acknowledge(response);
    if (this.#state === 'completed' || this.#state === 'over') return;
    if (response.status < 200) this.#onProvisional(response);
    else if (response.status < 300) this.#onAnswered(response);
    else if (this.#state !== 'accepted') this.#onRefused(response);
  }

  /** The caller gave up (RFC 3261 §16.10). */
  cancel(): void {
    this.#giveUp(487);
  }

  /** The caller's connection is gone; nobody is left to be told. */
  onCallerGone(): void {
    this.#isCallerGone = true;
    this.#giveUp(487);
  }

  onCalleeGone(): void {
    if (this.#isOpen) this.#finish(480);
  }

  /** Forgets it at once, without a word to anybody. */
  close(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#legs.onOver();
  }

  get #isOpen(): boolean {
    return this.#state === 'calling' || this.#state === 'proceeding';
  }

  #onProvisional(response: SipResponse): void {
    if (!this.#isOpen) return;
    const isFirst = this.#state === 'calling';
    this.#state = 'proceeding';
    if (this.#cancelStatus !== undefined) {
      // RFC 3261 §9.1: a CANCEL waits for the first response.
      if (isFirst) this.#sendCancel();
      return;
    }
    this.#setTimer(this.#legs.times.ring, () => this.#giveUp(408));
    if (response.status > 100) this.#reply(response);
  }

  #onAnswered(response: SipResponse): void {
    // Also when it crosses our CANCEL: the caller has to end that call, and can only if it knows of it.
    this.#reply(response);
    if (this.#state === 'accepted') return;
    this.#state = 'accepted';
    this.#linger();
  }

  #onRefused(response: SipResponse): void {
    if (this.#cancelStatus === 408) this.#finish(408);
    else {
      this.#complete(response);
    }
  }

  #giveUp(status: 408 | 487): void {
    if (!this.#isOpen || this.#cancelStatus !== undefined) return;
    this.#cancelStatus = status;
    if (this.#state === 'proceeding') this.#sendCancel();
    this.#setTimer(this.#legs.times.linger, () => this.#finish(status));
  }

  #finish(status: OwnStatus): void {
    this.#complete(replyTo(this.#legs.received, { status }));
  }

  #complete(response: SipResponse): void {
    this.#state = 'completed';
    this.#reply(response);
    this.#linger();
  }

  #linger(): void {
    this.#setTimer(this.#legs.times.linger, () => this.close());
  }

  #reply(response: SipResponse): void {
    this.#answer = response;
    if (!this.#isCallerGone) this.caller.send(serialise(response));
  }

  #sendCancel(): void {
    this.callee.send(serialise(this.#hopByHop('CANCEL', headerOf(this.#legs.sent, 'to'))));
  }

  /** RFC 3261 §17.1.1.3: a refusal is acknowledged by the one who sent the INVITE to that hop. */
  #acknowledge(response: SipResponse): void {
    this.callee.send(serialise(this.#hopByHop('ACK', headerOf(response, 'to'))));
  }

  #hopByHop(method: 'ACK' | 'CANCEL', to: string | undefined): SipRequest {
    const { sent } = this.#legs;
    const copy = (name: string) => header(name, headerOf(sent, name.toLowerCase()) ?? '');
    const cseq = Number.parseInt(headerOf(sent, 'cseq') ?? '', 10);
    return {
      kind: 'request',
      method,
      uri: sent.uri,
      headers: [
        copy('Via'),
        ...headersOf(sent, 'route').map((value) => header('Route', value)),
        header('Max-Forwards', '70'),
        copy('From'),
        header('To', to ?? ''),
        copy('Call-ID'),
        header('CSeq', `${cseq} ${method}`),
      ],
      body: EMPTY_BODY,
    };
  }

  #setTimer(ms: number, due: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(due, ms).unref();
  }
}
