/**
 * The door to JsSIP 3.13: everything that this product uses of it passes here, typed by what its code does and
 * not by its own .d.ts files, which have drifted (field notes §1.1). Members that begin with `_` are JsSIP's
 * private state; each use of one cures a fault that cannot be reached otherwise, and has a test that pins it.
 */
import { createRequire } from 'node:module';
import { UA as JsSipUa, debug } from 'jssip';
import type { UAConfiguration } from 'jssip/lib/UA.js';

// JsSIP's files beside the main one are CommonJS without types; see the interfaces below.
const load = createRequire(import.meta.url);

export type { UAConfiguration } from 'jssip/lib/UA.js';
export { debug };

/** The headers of a message, by JsSIP's capitalised names. */
export interface SipHeader {
  readonly raw: string;
  readonly parsed?: unknown;
}

export interface SipMessage {
  readonly method: string;
  readonly call_id: string;
  readonly cseq: number;
  readonly from_tag: string | null;
  readonly to_tag: string | null;
  readonly body: string | null;
  readonly headers: Record<string, SipHeader[] | undefined>;
  getHeader(name: string): string | undefined;
  hasHeader(name: string): boolean;
}

export interface SipResponse extends SipMessage {
  readonly status_code: number;
  readonly reason_phrase: string;
}

export interface SipRequest extends SipMessage {
  setHeader(name: string, value: string): void;
}

export interface Dialog {
  readonly id: { readonly call_id: string; readonly local_tag: string; readonly remote_tag: string };
  readonly owner: { isEnded(): boolean };
  /** The highest CSeq that the other side has used. */
  readonly _remote_seqnum: number | undefined;
  sendRequest(method: string, options?: { readonly extraHeaders?: readonly string[] }): void;
  terminate(): void;
}

/** The four kinds of transaction: INVITE and other, client and server. */
export interface Transaction {
  readonly type: 'ict' | 'ist' | 'nict' | 'nist';
  id: string;
  readonly request: SipRequest;
  readonly eventHandlers: {
    onReceiveResponse(response: SipResponse): void;
    onTransportError(): void;
    onRequestTimeout(): void;
  };
  readonly transport: { readonly via_transport: string };
  readonly B?: NodeJS.Timeout;
  readonly D?: NodeJS.Timeout;
  readonly M?: NodeJS.Timeout;
}

export interface EndEvent {
  readonly originator: 'local' | 'remote' | 'system';
  readonly message: SipMessage | SipResponse | null;
  readonly cause: string;
}

export interface SessionEvents {
  sending: { readonly request: SipRequest };
  progress: { readonly response: SipResponse | null };
  accepted: { readonly response: SipResponse | null };
  confirmed: unknown;
  ended: EndEvent;
  failed: EndEvent;
}
export type SessionEventHandlers = {
  readonly [Name in keyof SessionEvents]?: (event: SessionEvents[Name]) => void;
};

export interface RTCSession {
  readonly id: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly connection: { close(): void } | null;
  readonly remote_identity: { readonly uri: { readonly user: string | null; toString(): string } };
  readonly _dialog?: Dialog;
  readonly _earlyDialogs: Readonly<Record<string, Dialog>>;
  isEnded(): boolean;
  isEstablished(): boolean;
  answer(options: CallOptions): void;
  terminate(options?: { readonly status_code?: number; readonly reason_phrase?: string }): void;
  renegotiate(options?: object, done?: () => void): boolean;
  sendInfo(contentType: string, body: string): void;
  on<Name extends keyof SessionEvents>(name: Name, listener: (event: SessionEvents[Name]) => void): this;
}

export interface CallOptions {
  readonly mediaStream: object;
  /** Handed to `new RTCPeerConnection`: how a call gets its media, see rtc-peer-connection.ts. */
  readonly pcConfig: object;
  readonly eventHandlers?: SessionEventHandlers;
  readonly fromUserName?: string;
  readonly extraHeaders?: readonly string[];
}

export interface UserAgentEvents {
  connected: unknown;
  disconnected: { readonly error: boolean; readonly code?: number; readonly reason?: string };
  registered: { readonly response: SipResponse };
  unregistered: unknown;
  registrationFailed: { readonly response: SipResponse | null; readonly cause: string };
  newRTCSession: {
    readonly originator: 'local' | 'remote';
    readonly session: RTCSession;
    readonly request: SipRequest;
  };
}

/** JsSIP's user agent, as it is. Ours is user-agent.ts. */
export interface JsSipUserAgent {
  readonly _sessions: Readonly<Record<string, RTCSession>>;
  readonly _dialogs: Readonly<Record<string, Dialog>>;
  readonly _transactions: Readonly<Record<Transaction['type'], Readonly<Record<string, Transaction>>>>;
  readonly _registrator: { readonly _registrationTimer: NodeJS.Timeout | null };
  readonly configuration: { readonly via_host: string };
  start(): void;
  stop(): void;
  register(): void;
  call(target: string, options: CallOptions): RTCSession;
  isConnected(): boolean;
  isRegistered(): boolean;
  set(parameter: string, value: unknown): boolean;
  newTransaction(transaction: Transaction): void;
  destroyTransaction(transaction: Transaction): void;
  destroyRTCSession(session: RTCSession): void;
  _findDialog(callId: string, fromTag: string | null, toTag: string | null): Dialog | null;
  on<Name extends keyof UserAgentEvents>(name: Name, listener: (event: UserAgentEvents[Name]) => void): this;
  removeAllListeners(): this;
}

export const JsSipUserAgent = JsSipUa as unknown as new (configuration: UAConfiguration) => JsSipUserAgent;

/** A dialog made from a 2xx that JsSIP would not treat well; `error` where the 2xx has no Contact. */
export function dialogOf(userAgent: JsSipUserAgent, owner: RTCSession, response: SipResponse): Dialog | undefined {
  const DialogClass = load('jssip/lib/Dialog') as new (owner: object, message: SipResponse, type: 'UAC') => Dialog;
  const dialog = new DialogClass(
    { _ua: userAgent, isEnded: () => owner.isEnded(), receiveRequest() {} },
    response,
    'UAC',
  );
  return 'error' in dialog ? undefined : dialog;
}
