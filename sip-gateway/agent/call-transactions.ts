import type { InfoRequest } from '../dtmf/key-ear.ts';
import {
  destroy,
  dialogOfRequest,
  establishedDialog,
  isOutOfOrder,
  isUnanswered,
  lighten,
  orphan,
  release,
  strayDialog,
} from '../sip/jssip-internals.ts';
import type { Dialog, RTCSession, SipResponse, Transaction } from '../sip/jssip.ts';
import type { UserAgent } from '../sip/user-agent.ts';
import type { LateByes } from './late-byes.ts';

/** How long an INVITE may stay without final answer after its call ended (RFC 3261 §9.1: 64*T1), milliseconds. */
const CANCELED_LIMIT = 32_000;
/** The same for a re-INVITE that a BYE overtook: many phones never answer it, and its answer would change nothing. */
const OVERTAKEN_LIMIT = 2_000;

export interface CallTransactionsHooks {
  onInfo(info: InfoRequest): void;
  /** The trunk said something about an INVITE, `100 Trying` included. */
  onResponse?(): void;
  /** Nothing is left of the call on the wire. */
  readonly onOver: () => void;
}

/** Why a request of the call got no answer; JsSIP says `Canceled` to all of it (field notes §1.4). */
export type NoAnswer = 'connection-lost' | 'timed-out';

/**
 * The transactions of one call, watched from beneath JsSIP's session, which mishandles some of what they bring.
 * It outlives the session, until the last transaction is over: a 200 OK may come after the call was given up. A server
 * that makes sixty calls a second remembers two thousand that are over, so of those it holds no more than that takes.
 */
export class CallTransactions {
  noAnswer: NoAnswer | undefined;
  readonly #userAgent: UserAgent;
  /** Undefined once it has ended. */
  #session: RTCSession | undefined;
  readonly #lateByes: LateByes;
  #hooks: CallTransactionsHooks;
  readonly #live = new Set<Transaction>();
  readonly #refused = new Map<string, Dialog>();
  #dialog: Dialog | undefined;
  #sweeps: NodeJS.Timeout[] = [];

  constructor(
    parts: { readonly userAgent: UserAgent; readonly session: RTCSession; readonly lateByes: LateByes },
    hooks: CallTransactionsHooks,
  ) {
    this.#userAgent = parts.userAgent;
    this.#session = parts.session;
    this.#lateByes = parts.lateByes;
    this.#hooks = hooks;
  }

  begun(transaction: Transaction): void {
    if (transaction.type === 'nist') {
      if (transaction.request.method === 'INFO') this.#onInfo(transaction);
      return;
    }
    if (transaction.type === 'ist') return;
    this.#live.add(transaction);
    if (transaction.type === 'ict') this.#watchInvite(transaction);
    else if (transaction.request.method === 'BYE') this.#watchBye(transaction);
  }

  over(transaction: Transaction): void {
    if (this.#live.delete(transaction)) this.#checkOver();
  }

  /** The session has ended: what it left behind is put away (§1.6: a refused answer leaks session, dialogs, media). */
  sessionEnded(): void {
    const session = this.#session;
    if (!session) return;
    this.#session = undefined;
    const { onOver } = this.#hooks;
    this.#hooks = { onInfo() {}, onOver };
    release(this.#userAgent, session);
    for (const transaction of this.#live) lighten(transaction, (response) => void this.#takeOver(response));
    if (this.#dialog && session.direction === 'outgoing') orphan(this.#dialog);
    // A 487 that never comes would leave the INVITE's transaction for ever.
    this.#sweepUp(CANCELED_LIMIT, () => true);
    if (this.#dialog) this.#sweepUp(OVERTAKEN_LIMIT, isUnanswered);
    this.#checkOver();
  }

  close(): void {
    for (const sweep of this.#sweeps) clearTimeout(sweep);
  }

  get #isEnded(): boolean {
    return this.#session?.isEnded() !== false;
  }

  #watchInvite(transaction: Transaction): void {
    const { eventHandlers } = transaction;
    const { onReceiveResponse, onTransportError, onRequestTimeout } = eventHandlers;
    eventHandlers.onReceiveResponse = (response) => {
      this.#hooks.onResponse?.();
      if (!this.#takeOver(response)) onReceiveResponse(response);
    };
    eventHandlers.onTransportError = () => {
      this.noAnswer ??= 'connection-lost';
      onTransportError();
    };
    eventHandlers.onRequestTimeout = () => {
      this.noAnswer ??= 'timed-out';
      onRequestTimeout();
    };
  }

  /** True for a response that JsSIP must not see. */
  #takeOver(response: SipResponse): boolean {
    const status = response.status_code;
    if (status >= 200 && status < 300) {
      // CANCEL and 200 crossed: JsSIP would send neither ACK nor BYE (§1.6, versatica/JsSIP#836).
      const givenUp = this.#isEnded;
      // Two phones answered a forked call: JsSIP would hang up the first, not the second (§1.6).
      const established = this.#session && establishedDialog(this.#session);
      const forked = established !== undefined && established.id.remote_tag !== response.to_tag;
      if (!givenUp && !forked) return false;
      this.#refuse(response);
      return true;
    }
    // A challenge to an INVITE that was given up: JsSIP would send it again, with credentials.
    return (status === 401 || status === 407) && this.#isEnded;
  }

  /** RFC 3261 §13.2.2.4: every 2xx gets an ACK, and the dialogs that nobody wants a BYE. */
  #refuse(response: SipResponse): void {
    const tag = response.to_tag ?? '';
    const known = this.#refused.get(tag) ?? (tag === this.#dialog?.id.remote_tag ? this.#dialog : undefined);
    if (known) {
      known.sendRequest('ACK');
      return;
    }
    const dialog = strayDialog(this.#userAgent, response);
    if (!dialog) return;
    this.#refused.set(tag, dialog);
    dialog.sendRequest('ACK');
    dialog.sendRequest('BYE');
  }

  #watchBye(transaction: Transaction): void {
    const { eventHandlers } = transaction;
    const { onTransportError } = eventHandlers;
    const tag = /;tag=([^;>\s]+)/i.exec(transaction.request.getHeader('to') ?? '')?.[1] ?? '';
    const dialog = this.#refused.get(tag) ?? this.#dialog;
    eventHandlers.onTransportError = () => {
      if (dialog) this.#lateByes.park(dialog);
      onTransportError();
    };
  }

  /** The call was answered. JsSIP forgets the dialog when the session ends, and a late BYE needs it. */
  answered(): void {
    if (this.#session) this.#dialog = establishedDialog(this.#session);
  }

  /**
   * The ACK may have been lost with the connection, and JsSIP no longer knows the transaction that a repeated 200
   * belongs to. One too many is nothing to the other side (RFC 3261 §17.2.1 and RFC 6026 §7.1 absorb it).
   */
  acknowledgeAgain(): void {
    if (this.#session) this.#dialog?.sendRequest('ACK');
  }

  /**
   * JsSIP reads only half of the forms in which gateways send keys, and answers 200 to the others (§1.8); so
   * each INFO is taken here, as it came. JsSIP answers it afterwards.
   */
  #onInfo({ request }: Transaction): void {
    const dialog = dialogOfRequest(this.#userAgent, request);
    if (!dialog || dialog !== this.#dialog || !this.#session) return;
    // The sender gets a 500 for it, and may send the key anew.
    if (isOutOfOrder(dialog, request)) return;
    this.#hooks.onInfo({
      callId: request.call_id,
      cseq: request.cseq,
      contentType: request.getHeader('content-type') ?? '',
      body: request.body ?? '',
    });
  }

  #sweepUp(after: number, isLeft: (transaction: Transaction) => boolean): void {
    const sweep = setTimeout(() => {
      for (const transaction of this.#live) if (isLeft(transaction)) destroy(this.#userAgent, transaction);
    }, after);
    sweep.unref();
    this.#sweeps.push(sweep);
  }

  #checkOver(): void {
    if (this.#session || this.#live.size > 0) return;
    this.close();
    this.#hooks.onOver();
  }
}
