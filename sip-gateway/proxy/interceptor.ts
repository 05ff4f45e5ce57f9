import type { Flow } from './flow.ts';
import type { Incoming } from './incoming.ts';
import type { InviteForwarding } from './invite-forwarding.ts';
import type { SipRequest, SipResponse } from './sip-message.ts';
import type { Forwarding, ServerTransaction } from './transaction-table.ts';

/** The two ends of a call, whoever sent the request. */
export interface CallSides {
  readonly caller: Flow;
  readonly callee: Flow;
  readonly users: readonly string[];
}

/** Something that stands between the proxy's decision and what it does. */
export interface Interceptor {
  /** Instead of looking `user`, the callee, up. `callers`: whom the caller may claim to be; undefined lets the request pass. */
  onInitial(incoming: Incoming, user: string, callers: readonly string[]): Interception | undefined;
  /** What is sent instead of one request: nothing, another one, or the same several times. */
  onForward(request: SipRequest, users: readonly string[]): readonly SipRequest[];
  /** After a request has been sent on. */
  onForwarded(request: SipRequest, sides: CallSides): void;
  onInvite(forwarding: InviteForwarding, users: readonly string[]): Forwarding;
}

export type Interception =
  | { readonly type: 'answer'; readonly response: SipResponse }
  /** Takes the request over; `onOver` is to be called in the end. */
  | { readonly type: 'hold'; readonly begin: (onOver: () => void) => ServerTransaction };
