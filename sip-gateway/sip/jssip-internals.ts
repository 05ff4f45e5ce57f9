/**
 * What we have to know of JsSIP's private state. Each function is here for a fault that cannot be cured from the
 * outside, and a test pins the fault: a new version of JsSIP that changes these fields fails there.
 */
/* oxlint-disable no-underscore-dangle -- JsSIP marks its private fields so, and this is the file that reads them */
import { createRequire } from 'node:module';
import type { Dialog, JsSipUserAgent, RTCSession, SipMessage, SipResponse, Transaction } from './jssip.ts';

const load = createRequire(import.meta.url);

interface UserAgentState {
  /** Of its EventEmitter: one listener, or several. */
  readonly _events: Readonly<Record<string, unknown>>;
  readonly _sessions: Readonly<Record<string, RTCSession>>;
  readonly _dialogs: Readonly<Record<string, Dialog>>;
  readonly _transactions: Readonly<Record<Transaction['type'], Readonly<Record<string, Transaction>>>>;
  readonly _registrator: { readonly _registrationTimer: NodeJS.Timeout | null };
  readonly _transport: { disconnect(): void };
  readonly _closeTimer: NodeJS.Timeout | null;
  destroyRTCSession(session: RTCSession): void;
  _findDialog(callId: string, fromTag: string | null, toTag: string | null): Dialog | null;
}

interface SessionState {
  readonly _dialog?: Dialog | null;
  readonly _earlyDialogs: Readonly<Record<string, Dialog>>;
}

/** What a user agent holds; all but the listeners zero when nothing goes on. */
export interface UserAgentLoad {
  readonly sessions: number;
  readonly dialogs: number;
  readonly transactions: number;
  /** To the user agent itself; the same number as before the first call. */
  readonly listeners: number;
}

export function loadOf(userAgent: JsSipUserAgent): UserAgentLoad {
  const { _sessions, _dialogs, _transactions, _events } = stateOf(userAgent);
  return {
    sessions: Object.keys(_sessions).length,
    dialogs: Object.keys(_dialogs).length,
    transactions: Object.values(_transactions).reduce((sum, kind) => sum + Object.keys(kind).length, 0),
    listeners: Object.values(_events).reduce<number>(
      (sum, event) => sum + (Array.isArray(event) ? event.length : 1),
      0,
    ),
  };
}

/** JsSIP arms this timer whenever a registrar listed our Contact, and says nothing when it did not (field notes §1.4). */
export function isRefreshScheduled(userAgent: JsSipUserAgent): boolean {
  return stateOf(userAgent)._registrator._registrationTimer !== null;
}

export function requestsInProgress(userAgent: JsSipUserAgent): number {
  return Object.keys(stateOf(userAgent)._transactions.nict).length;
}

/** Disconnects at once: `stop()` waits for two seconds when any transaction is there (§1.4). */
export function disconnect(userAgent: JsSipUserAgent): void {
  const { _closeTimer, _transport } = stateOf(userAgent);
  if (_closeTimer !== null) clearTimeout(_closeTimer);
  _transport.disconnect();
}

export function establishedDialog(session: RTCSession): Dialog | undefined {
  return sessionState(session)._dialog ?? undefined;
}

/**
 * Puts away what a session left behind: after an answer that it could not use JsSIP keeps session, dialogs and
 * media for ever (§1.6). Harmless after an orderly end.
 */
export function release(userAgent: JsSipUserAgent, session: RTCSession): void {
  const { _dialog, _earlyDialogs } = sessionState(session);
  session.connection?.close();
  _dialog?.terminate();
  for (const dialog of Object.values(_earlyDialogs)) dialog.terminate();
  stateOf(userAgent).destroyRTCSession(session);
  session.removeAllListeners();
}

export function dialogOfRequest(userAgent: JsSipUserAgent, request: SipMessage): Dialog | undefined {
  return stateOf(userAgent)._findDialog(request.call_id, request.from_tag, request.to_tag) ?? undefined;
}

/** Whether a request comes after one with a higher CSeq: JsSIP answers it with 500 (RFC 3261 §12.2.2). */
export function isOutOfOrder(dialog: Dialog, request: SipMessage): boolean {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- private state of JsSIP
  const { _remote_seqnum: highest } = dialog as unknown as { readonly _remote_seqnum: number | undefined };
  return highest !== undefined && request.cseq < highest;
}

/**
 * A dialog of a 2xx that JsSIP must not see, outside of its table: requests can be sent in it, and none that
 * come are taken for ours. Undefined for a 2xx without Contact.
 */
export function strayDialog(userAgent: JsSipUserAgent, response: SipResponse): Dialog | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this file of JsSIP has no types
  const DialogClass = load('jssip/lib/Dialog') as new (owner: object, message: SipResponse, type: 'UAC') => Dialog;
  const dialog = new DialogClass({ _ua: userAgent }, response, 'UAC');
  if ('error' in dialog) return undefined;
  dialog.terminate();
  return dialog;
}

/**
 * An INVITE that was answered is remembered for 32 s, since its answer may be sent again and wants its ACK then (RFC 6026
 * §7.2). JsSIP keeps the session with it, and all that the call was; from here on it is `onAnswer` and a Call-ID.
 */
export function lighten(transaction: Transaction, onAnswer: (response: SipResponse) => void): void {
  const isAccepted = transaction.type === 'ict' && transaction.state === 4;
  if (!isAccepted) return;
  const { call_id, method } = transaction.request;
  const eventHandlers = { onReceiveResponse: onAnswer, onTransportError: nothing, onRequestTimeout: nothing };
  Object.assign(transaction, { eventHandlers, request: { call_id, method } });
}

/** A dialog that has ended, and only sends from now on, need not hold its session. */
export function orphan(dialog: Dialog): void {
  Object.assign(dialog, { _owner: undefined });
}

/** No final response has come to this INVITE: JsSIP's states PROCEEDING and CALLING. */
export function isUnanswered({ type, state }: Transaction): boolean {
  return type === 'ict' && (state === 2 || state === 3);
}

/** Forgets a client transaction that will never end by itself. */
export function destroy(userAgent: JsSipUserAgent, transaction: Transaction): void {
  for (const timer of [transaction.B, transaction.D, transaction.M]) clearTimeout(timer);
  userAgent.destroyTransaction(transaction);
}

function stateOf(userAgent: JsSipUserAgent): UserAgentState {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- private state of JsSIP
  return userAgent as unknown as UserAgentState;
}

function sessionState(session: RTCSession): SessionState {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- private state of JsSIP
  return session as unknown as SessionState;
}

function nothing(): void {}
