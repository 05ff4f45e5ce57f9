/**
 * The door to JsSIP 3.13: everything that this product uses of it passes here, typed by what its code does and
 * not by its own .d.ts files, which have drifted (field notes §1.1).
 */
import { UA as JsSipUa } from 'jssip';
import type { UAConfiguration } from 'jssip/lib/UA.js';

export type { UAConfiguration } from 'jssip/lib/UA.js';

export interface SipMessage {
  readonly method: string;
  readonly call_id: string;
  readonly cseq: number;
  readonly from_tag: string | null;
  readonly to_tag: string | null;
  readonly body: string | null;
  getHeader(name: string): string | undefined;
  getHeaders(name: string): readonly string[];
  hasHeader(name: string): boolean;
}

export interface SipResponse extends SipMessage {
  /** As it came. */
  readonly data: string;
  setHeader(name: string, value: string): void;
  readonly status_code: number;
  readonly reason_phrase: string;
}

export interface SipRequest extends SipMessage {
  setHeader(name: string, value: string): void;
}

export interface Dialog {
  readonly id: { readonly call_id: string; readonly local_tag: string; readonly remote_tag: string };
  readonly owner: { isEnded(): boolean };
  sendRequest(method: string, options?: { readonly eventHandlers?: { readonly onTransportError?: () => void } }): void;
  terminate(): void;
}

/** The four kinds of transaction: INVITE and other, client and server. */
export interface Transaction {
  readonly type: 'ict' | 'ist' | 'nict' | 'nist';
  id: string;
  readonly request: SipRequest;
  /** By number, see isUnanswered(). */
  readonly state?: number;
  readonly eventHandlers: {
    onReceiveResponse: (this: void, response: SipResponse) => void;
    onTransportError: (this: void) => void;
    onRequestTimeout: (this: void) => void;
  };
  readonly transport: { readonly via_transport: string };
  /** Its timers, by their names in RFC 3261 and 6026. */
  readonly B?: NodeJS.Timeout;
  readonly D?: NodeJS.Timeout;
  readonly M?: NodeJS.Timeout;
}

export interface EndEvent {
  readonly originator: 'local' | 'remote' | 'system';
  readonly message: SipMessage | SipResponse | null;
  readonly cause: string;
}

export interface InfoEvent {
  readonly originator: 'local' | 'remote';
  readonly request: SipRequest;
}

interface SessionEvents {
  sending: { readonly request: SipRequest };
  progress: { readonly response: SipResponse | null };
  accepted: { readonly response: SipResponse | null };
  confirmed: unknown;
  ended: EndEvent;
  failed: EndEvent;
  /** An INFO that JsSIP takes for a key (application/dtmf-relay, application/dtmf), and any other. */
  newDTMF: InfoEvent;
  newInfo: InfoEvent;
  /** Somebody wants us to call elsewhere, or to take another call for this one. */
  refer: { readonly reject: (this: void) => void };
  replaces: { readonly reject: (this: void) => void };
}
type SessionEventHandlers = {
  readonly [Name in keyof SessionEvents]?: (event: SessionEvents[Name]) => void;
};

export interface RTCSession {
  readonly id: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly connection: { close(): void } | null;
  readonly remote_identity: { readonly uri: { readonly user: string | null; toString(): string } };
  isEnded(): boolean;
  isEstablished(): boolean;
  answer(options: CallOptions): void;
  terminate(options?: { readonly status_code?: number; readonly reason_phrase?: string }): void;
  renegotiate(options?: object, done?: () => void): boolean;
  sendInfo(contentType: string, body: string): void;
  removeAllListeners(): this;
  on<Name extends keyof SessionEvents>(name: Name, listener: (event: SessionEvents[Name]) => void): this;
}

interface CallOptions {
  readonly mediaStream: object;
  /** Handed to `new RTCPeerConnection`: how a call gets its media, see rtc-peer-connection.ts. */
  readonly pcConfig: object;
  readonly eventHandlers?: SessionEventHandlers;
  readonly fromUserName?: string;
  readonly extraHeaders?: readonly string[];
}

interface UserAgentEvents {
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
  on<Name extends keyof UserAgentEvents>(name: Name, listener: (event: UserAgentEvents[Name]) => void): this;
  removeAllListeners(): this;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JsSIP's own types leave out half of what it is
export const JsSipUserAgent = JsSipUa as unknown as new (configuration: UAConfiguration) => JsSipUserAgent;
