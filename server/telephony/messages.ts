import type { KeyTiming, Verdict } from '../verification/call.ts';
import type {
  CallEnd,
  CallProgress,
  CallRequest,
  IncomingCall,
  IncomingDecision,
  TelephonyStatus,
  Voice,
} from '../verification/ports.ts';

/**
 * What crosses the process boundary between the web server and the voice server (JSON over the child's IPC
 * channel). Nothing else is shared.
 */
export type ToGateway =
  | { readonly type: 'configure'; readonly config: GatewayConfig }
  | { readonly type: 'place'; readonly call: CallRequest }
  /** The answer to `incoming`; a call that is taken has the id it came with. */
  | { readonly type: 'take'; readonly call: CallRequest }
  | { readonly type: 'refuse'; readonly callId: string; readonly status: RefusalStatus }
  /** The answer to a `code` message with the same `seq`. */
  | { readonly type: 'code-verdict'; readonly callId: string; readonly seq: number; readonly verdict: Verdict }
  /** The answer to a `report`: whether the number will never be called again. */
  | { readonly type: 'report-answer'; readonly callId: string; readonly kept: boolean }
  /** The verification ended elsewhere (on the page, by time): say so, if the line is up. */
  | { readonly type: 'tell'; readonly callId: string; readonly verdict: Verdict }
  | { readonly type: 'hang-up'; readonly callId: string }
  /** Hang up everything, unregister, exit 0. */
  | { readonly type: 'shut-down' };

export type FromGateway =
  /** What it has prompts for, of ours and the operator's; before the first status. */
  | { readonly type: 'voices'; readonly voices: readonly Voice[] }
  | { readonly type: 'status'; readonly status: TelephonyStatus }
  /** Once after the start, where there is a speech command: it has spoken a trial, or what was wrong with that. */
  | { readonly type: 'speech'; readonly fault?: string }
  /** The process groups of the speech commands that run now, to be ended should the voice server be killed. */
  | { readonly type: 'speaking'; readonly groups: readonly number[] }
  /** Somebody calls; they hear it ring until this is answered. */
  | { readonly type: 'incoming'; readonly call: IncomingCall }
  | { readonly type: 'progress'; readonly callId: string; readonly progress: CallProgress }
  | {
      readonly type: 'code';
      readonly callId: string;
      readonly seq: number;
      readonly code: string;
      readonly keyTiming?: KeyTiming;
    }
  /** The phone holder did not ask for this call. */
  | { readonly type: 'report'; readonly callId: string }
  | { readonly type: 'ended'; readonly callId: string; readonly end: CallEnd }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly event: string;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
    }
  /** The voice server cannot work with what it was given (a prompt is missing, a setting is wrong); it exits 78 next. */
  | { readonly type: 'fatal'; readonly message: string };

/** A final SIP status. */
type RefusalStatus = Extract<IncomingDecision, { take: false }>['status'];

/** What the voice server is configured with; times in milliseconds. */
export interface GatewayConfig {
  /** At least one, in order of preference. */
  readonly trunks: readonly TrunkConfig[];
  /** The language of the prompts when a call asks for one that has no pack. */
  readonly defaultLocale: string;
  /** A folder of `<locale>/<prompt>.wav` that replace prompts of our packs. */
  readonly promptsDir?: string;
  /** A text-to-speech command line for names; absent: they are spelled. */
  readonly speechCommand?: string;
  readonly limits: CallLimits;
  /** Calls that come in; absent: they are refused. */
  readonly dialIn?: DialInConfig;
}

export interface DialInConfig {
  /** So many at a time; the next one hears busy. */
  readonly most: number;
  /** P-Asserted-Identity and `verstat` are believed: the gateway strips what its customers write there (RFC 3325 §5). */
  readonly trustsGateway: boolean;
}

/** A SIP-over-WebSocket gateway to the telephone network. */
export interface TrunkConfig {
  /** What logs, metrics and the operator call it; no two trunks have the same. */
  readonly name: string;
  /** `ws://` or `wss://`. */
  readonly url: string;
  /** Our address of record, such as `sip:ringproof@127.0.0.1`. */
  readonly uri: string;
  readonly authUser?: string;
  readonly password?: string;
  /** Sent as the caller's number (From user) where set. */
  readonly callerId?: string;
  /** False for trunks that authenticate each INVITE and keep no registration. */
  readonly register: boolean;
  /** `active`: we open DTLS, media is up ~1 s sooner; `actpass` for a gateway that refuses it (RFC 5763 §5). */
  readonly dtlsSetup: 'active' | 'actpass';
  /** In order of preference. */
  readonly codecs: readonly ('PCMU' | 'PCMA')[];
  /** Address to bind media to; absent: the address of the interface that reaches the trunk. */
  readonly mediaAddress?: string;
  readonly mediaPorts?: { readonly from: number; readonly to: number };
  /**
   * The ways by which keys are heard, and sent by the first of them; `auto`: what the SDP and the first key show to
   * be needed (docs/adr/0012).
   */
  readonly dtmf: 'auto' | readonly KeyWay[];
  /** Beginnings of what it carries: `+1`, `10` for extensions, `sip:`. Absent: everything. */
  readonly prefixes?: readonly string[];
  /** Calls at the same time. */
  readonly maxCalls?: number;
  /** New calls; 0.5 is one in two seconds. */
  readonly callsPerSecond?: number;
}

/** How a key press travels: SIP INFO, RFC 4733 telephone-event, or tones in the audio. */
export type KeyWay = 'info' | 'rfc4733' | 'in-band';

/** DESIGN policy numbers of one call; milliseconds. */
export interface CallLimits {
  readonly ring: number;
  readonly call: number;
  /** From answer to media that flows, mending included. */
  readonly media: number;
  readonly firstKey: number;
  readonly nextKey: number;
}
