import type { Caller } from '../../server/verification/caller.ts';
import type { Outcome } from '../../server/verification/call.ts';
import type { CallMedia } from '../sip/call-media.ts';
import type { EndEvent, RTCSession } from '../sip/jssip.ts';
import { NO_TRACKS } from '../sip/rtc-peer-connection.ts';
import type { UserAgent } from '../sip/user-agent.ts';
import type { AgentCallEnd, AgentCallEvents } from './agent-call.ts';
import { CallTransactions } from './call-transactions.ts';
import type { LateByes } from './late-byes.ts';
import { MediaMender } from './media-mender.ts';

export type IncomingCallEvents = Pick<AgentCallEvents, 'onAnswered' | 'onMedia' | 'onInfo' | 'onEnded'>;

export interface IncomingCallOptions {
  readonly caller: Caller;
  readonly sipCallId: string;
  readonly media: CallMedia;
  /** Milliseconds: until somebody decides about it, and from the answer to media that flows. */
  readonly limits: { readonly decide: number; readonly media: number };
}

export interface IncomingCallParts {
  readonly userAgent: UserAgent;
  readonly lateByes: LateByes;
  readonly session: RTCSession;
  /** Nothing is left of the call, on the wire neither. */
  onOver(call: IncomingCall): void;
}

/** Temporarily unavailable (RFC 3261 §21.4.18): nobody decided, or we are leaving. */
const UNAVAILABLE = 480;

/**
 * One call that came in. JsSIP has sent its 180; the caller hears it ring until it is answered or refused.
 *
 *   ringing ─▶ answering ─▶ answered (media up, mended when lost) ─▶ ended
 *      └───────────┴─────────────────────────────────────────────────▲
 */
export class IncomingCall {
  readonly caller: Caller;
  readonly sipCallId: string;
  readonly media: CallMedia;
  readonly transactions: CallTransactions;
  readonly #parts: IncomingCallParts;
  readonly #mender: MediaMender;
  #events: IncomingCallEvents | undefined;
  #phase: 'ringing' | 'answering' | 'answered' | 'ended' = 'ringing';
  /** Our 200 is out and the ACK is not there: no BYE may be sent (RFC 3261 §15). */
  #awaitsAck = false;
  #wanted: Outcome | undefined;
  #limit: NodeJS.Timeout | undefined;

  constructor(parts: IncomingCallParts, { caller, sipCallId, media, limits }: IncomingCallOptions) {
    this.#parts = parts;
    this.caller = caller;
    this.sipCallId = sipCallId;
    this.media = media;
    const { session, userAgent, lateByes } = parts;
    this.transactions = new CallTransactions(
      { userAgent, lateByes, session },
      {
        onInfo: (info) => {
          if (this.#phase === 'answered') this.#events?.onInfo(info);
        },
        onOver: () => parts.onOver(this),
      },
    );
    this.#mender = new MediaMender({
      media,
      limit: limits.media,
      session: () => session,
      onUp: () => this.#events?.onMedia(),
      onFailed: () => this.hangUp('media-failed'),
    });
    this.#limit = setTimeout(() => this.refuse(UNAVAILABLE), limits.decide);
    session.on('accepted', () => this.#onAccepted());
    session.on('confirmed', () => this.#onConfirmed());
    session.on('ended', (event) => this.#onSessionEnded(event));
    session.on('failed', (event) => this.#onSessionEnded(event));
  }

  /** It will be answered, or hung up: nothing ends its ringing by itself any more. */
  decided(): void {
    clearTimeout(this.#limit);
  }

  /** Answers; a caller who has given up meanwhile has hung up. Nothing is reported before this returns. */
  answer(events: IncomingCallEvents): void {
    this.#events = events;
    if (this.#phase !== 'ringing') {
      queueMicrotask(() => events.onEnded({ outcome: 'hung-up' }));
      return;
    }
    this.#phase = 'answering';
    this.decided();
    this.#parts.session.answer({ mediaStream: NO_TRACKS, pcConfig: { iceServers: [], media: this.media } });
  }

  /** With a final SIP status. Harmless once it is answered. */
  refuse(status: number): void {
    if (this.#phase === 'ringing') this.#terminate('rejected', status);
  }

  /** Harmless once it has ended. */
  hangUp(outcome: Outcome): void {
    if (this.#phase !== 'ended') this.#terminate(outcome, UNAVAILABLE);
  }

  #terminate(outcome: Outcome, status: number): void {
    const { session } = this.#parts;
    this.#wanted ??= outcome;
    // Its event comes before this returns, and ends the call.
    if (!this.#awaitsAck) session.terminate({ status_code: status });
    this.#end({ outcome: this.#wanted });
  }

  #onAccepted(): void {
    this.#awaitsAck = true;
    this.transactions.answered();
  }

  #onConfirmed(): void {
    if (!this.#awaitsAck) return;
    this.#awaitsAck = false;
    if (this.#phase === 'ended') {
      this.#parts.session.terminate();
      return;
    }
    this.#phase = 'answered';
    this.#events?.onAnswered();
    this.#mender.answered();
  }

  #onSessionEnded({ originator, message }: EndEvent): void {
    const hungUp = originator === 'remote' && message !== null;
    // JsSIP gives up by itself on an ACK whose SDP it cannot use.
    const isMedia = this.#phase === 'answered' || (originator === 'local' && this.#awaitsAck);
    const fault = isMedia ? 'media-failed' : 'trunk-unavailable';
    this.#awaitsAck = false;
    this.#end({ outcome: this.#wanted ?? (hungUp ? 'hung-up' : fault) });
    this.transactions.sessionEnded();
  }

  /** For its owner; the SIP side may have to wait for an ACK that is on its way. */
  #end(end: AgentCallEnd): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    clearTimeout(this.#limit);
    this.#mender.close();
    this.media.close();
    this.#events?.onEnded(end);
  }
}
