import { makeBranch, serverKeyOf, topBranchOf } from './branch.ts';
import type { Flow } from './flow.ts';
import type { Incoming } from './incoming.ts';
import type { CallSides, Interception, Interceptor } from './interceptor.ts';
import { InviteForwarding, type InviteLegs, type InviteTimes } from './invite-forwarding.ts';
import { RefusedInvite } from './refused-invite.ts';
import { RequestForwarding } from './request-forwarding.ts';
import {
  header,
  headerOf,
  serialise,
  withHeader,
  withoutTop,
  withTop,
  type SipRequest,
  type SipResponse,
} from './sip-message.ts';
import type { Forwarding, ServerTransaction, TransactionTable } from './transaction-table.ts';

/** A request about to be sent on. */
interface Leg {
  readonly received: SipRequest;
  readonly sent: SipRequest;
  readonly from: Flow;
  readonly to: Flow;
  /** The side of the call that it goes to. */
  readonly toSide: 'caller' | 'callee';
  /** Who is called, as far as it is known. */
  readonly users: readonly string[];
}

export interface ForwarderOptions {
  /** What our Via header fields say. */
  readonly sentBy: string;
  readonly transactions: TransactionTable;
  readonly times: InviteTimes;
  readonly interceptor: Interceptor | undefined;
}

const MAX_FORWARDS = 70;

/** Carries out what was decided: sends requests on, brings responses back, remembers refusals (RFC 3261 §16.6, §16.7). */
export class Forwarder {
  readonly #options: ForwarderOptions;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  forward(leg: Leg): void {
    const { from, to, received, users } = leg;
    const { interceptor, transactions } = this.#options;
    const prepared = this.#prepare(leg.sent, received);
    const [sent, ...copies] = interceptor?.onForward(prepared, users) ?? [prepared];
    if (!sent) return;
    const serverKey = serverKeyOf(from.id, received) ?? '';
    const clientKey = clientKeyOf(topBranchOf(sent), sent.method);
    const legs = { received, sent, caller: from, callee: to, onOver: () => transactions.remove(serverKey, clientKey) };
    const forwarding = sent.method === 'INVITE' ? this.#forwardInvite(legs, users) : new RequestForwarding(legs);
    transactions.addForwarding(forwarding, serverKey, clientKey);
    forwarding.start();
    for (const copy of copies) to.send(serialise(copy));
    interceptor?.onForwarded(sent, sidesOf(leg));
  }

  /** An ACK to a 2xx is a request of its own and is never answered (RFC 3261 §13.2.2.4). */
  forwardAck(leg: Leg): void {
    const { interceptor } = this.#options;
    const prepared = this.#prepare(leg.sent, leg.received);
    for (const request of interceptor?.onForward(prepared, leg.users) ?? [prepared]) {
      leg.to.send(serialise(request));
      interceptor?.onForwarded(request, sidesOf(leg));
    }
  }

  onResponse(flow: Flow, method: string, response: SipResponse): void {
    const forwarding = this.#options.transactions.byClientKey(clientKeyOf(topBranchOf(response), method));
    // Only the one who was asked may answer. A late answer has nobody left to go to.
    if (!forwarding || forwarding.callee !== flow) return;
    const inner = withoutTop(response, 'via');
    if (headerOf(inner, 'via') !== undefined) forwarding.onResponse(inner);
  }

  intercept(incoming: Incoming, interception: Interception): void {
    if (interception.type === 'answer') this.refuse(incoming, interception.response);
    else this.#remember(incoming, interception.begin);
  }

  /** Answers for the proxy itself; a refused INVITE has an ACK to come. */
  refuse(incoming: Incoming, response: SipResponse): void {
    const { flow, request } = incoming;
    flow.send(serialise(response));
    if (request.method !== 'INVITE' || this.#options.transactions.isFullFor(flow)) return;
    this.#remember(incoming, (onOver) => new RefusedInvite(flow, response, onOver));
  }

  #remember({ flow, request }: Incoming, begin: (onOver: () => void) => ServerTransaction): void {
    const { transactions } = this.#options;
    const key = serverKeyOf(flow.id, request);
    if (key === undefined) return;
    const transaction = begin(() => transactions.remove(key));
    transactions.add(transaction, key);
  }

  #forwardInvite(legs: Omit<InviteLegs, 'times'>, users: readonly string[]): Forwarding {
    const forwarding = new InviteForwarding({ ...legs, times: this.#options.times });
    return this.#options.interceptor?.onInvite(forwarding, users) ?? forwarding;
  }

  #prepare(sent: SipRequest, received: SipRequest): SipRequest {
    const hops = Number(headerOf(sent, 'max-forwards') ?? MAX_FORWARDS + 1) - 1;
    const via = header('Via', `SIP/2.0/WS ${this.#options.sentBy};branch=${makeBranch(received)}`);
    return withTop(withHeader(sent, 'Max-Forwards', String(hops)), via);
  }
}

/** Responses find their way back by the branch that we put on the request. */
function clientKeyOf(branch: string | undefined, method: string): string {
  return `${branch ?? ''} ${method}`;
}

function sidesOf({ from, to, toSide, users }: Leg): CallSides {
  return toSide === 'callee' ? { caller: from, callee: to, users } : { caller: to, callee: from, users };
}
