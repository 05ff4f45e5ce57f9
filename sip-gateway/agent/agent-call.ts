import type { Outcome } from '../../server/verification/call.ts';
import type { InfoRequest } from '../dtmf/key-ear.ts';
import type { CallMedia } from '../sip/call-media.ts';
import type { EndEvent, RTCSession, SipRequest, SipResponse } from '../sip/jssip.ts';
import { NO_TRACKS } from '../sip/rtc-peer-connection.ts';
import type { UserAgent } from '../sip/user-agent.ts';
import { CallTransactions } from './call-transactions.ts';
import type { LateByes } from './late-byes.ts';
import { MediaMender } from './media-mender.ts';
import { causeOf, outcomeOf } from './outcome.ts';

export interface AgentCallEvents {
  /** The INVITE is about to go out: its Call-ID, by which the network's own logs know this call. */
  onDialed?(sipCallId: string): void;
  /** Once. */
  onRinging(): void;
  /** The phone was picked up (and is billed); nobody hears anything yet. */
  onAnswered(): void;
  /** The person can hear us and we them. Once. */
  onMedia(): void;
  /** Every INFO of the answered call, in whatever form it came. */
  onInfo(info: InfoRequest): void;
  /** Exactly once, whatever happens. */
  onEnded(end: AgentCallEnd): void;
}

export interface AgentCallEnd {
  readonly outcome: Outcome;
  /** The final SIP status, where there was one. */
  readonly sipStatus?: number;
  /** What was wrong on our side, for the operator. */
  readonly fault?: string;
}

export interface AgentCallOptions {
  readonly target: string;
  readonly media: CallMedia;
  /**
   * Milliseconds: from the INVITE to the answer, from the answer to media that flows, and from the INVITE to the
   * trunk's first word, whichever it is.
   */
  readonly limits: { readonly ring: number; readonly media: number; readonly silence?: number };
  readonly callerId?: string;
}

export interface AgentCallParts {
  readonly userAgent: UserAgent;
  readonly lateByes: LateByes;
  /** The INVITE has its Call-ID now: its transactions are `transactions` from here on. */
  onNamed(callId: string, transactions: CallTransactions): void;
  onEnded(call: AgentCall): void;
  /** Nothing is left of the call on the wire. */
  onOver(callId: string): void;
}

/** Who is told once the call has ended: its INVITE may stay for a while, its conversation need not. */
const NOBODY: AgentCallEvents = { onRinging() {}, onAnswered() {}, onMedia() {}, onInfo() {}, onEnded() {} };

/**
 * One outgoing call: a JsSIP session with a limit on each of its phases, its media mended when they fail, and an
 * outcome of our own, since JsSIP's causes do not tell a lost connection from a canceled call.
 *
 *   dialing ─▶ answered (media up, mended when lost) ─▶ ended
 *      └────────────────────────────────────────────────▲
 */
export class AgentCall {
  readonly media: CallMedia;
  readonly #parts: AgentCallParts;
  readonly #options: AgentCallOptions;
  #events: AgentCallEvents;
  #session: RTCSession | undefined;
  #transactions: CallTransactions | undefined;
  readonly #mender: MediaMender;
  #phase: 'dialing' | 'answered' | 'ended' = 'dialing';
  /** Why we are ending the call ourselves. */
  #wanted: Outcome | undefined;
  #rang = false;
  #limit: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;

  constructor(parts: AgentCallParts, options: AgentCallOptions, events: AgentCallEvents) {
    this.#parts = parts;
    this.#options = options;
    this.#events = events;
    this.media = options.media;
    this.#mender = new MediaMender({
      media: options.media,
      limit: options.limits.media,
      session: () => this.#session,
      onUp: () => this.#events.onMedia(),
      onFailed: () => this.hangUp('media-failed'),
    });
  }

  /** Sends the INVITE. The call ends as `invalid-number` if JsSIP cannot read the target. */
  dial(): void {
    const { target, callerId, limits } = this.#options;
    this.#limit = setTimeout(() => this.hangUp('no-answer'), limits.ring);
    try {
      this.#session = this.#parts.userAgent.call(target, {
        mediaStream: NO_TRACKS,
        pcConfig: { iceServers: [], media: this.media },
        ...(callerId === undefined ? {} : { fromUserName: callerId }),
        eventHandlers: {
          sending: ({ request }) => this.#onSending(request),
          progress: ({ response }) => this.#onProgress(response),
          confirmed: () => this.#onAnswered(),
          ended: (event) => this.#onSessionEnded(event),
          failed: (event) => this.#onSessionEnded(event),
        },
      });
    } catch {
      this.#end({ outcome: 'invalid-number' });
    }
  }

  /** Sends an INFO inside the call (RFC 6086); nothing once it has ended. */
  sendInfo(contentType: string, body: string): void {
    if (this.#phase !== 'ended' && this.#session?.isEnded() === false) this.#session.sendInfo(contentType, body);
  }

  /** Ends the call, in whatever phase it is; harmless once it has ended. */
  hangUp(outcome: Outcome): void {
    if (this.#phase === 'ended') return;
    this.#wanted ??= outcome;
    try {
      // Its event comes before this returns, and ends the call.
      if (this.#session && !this.#session.isEnded()) this.#session.terminate();
    } catch {
      // JsSIP throws if the session is over already; then its event has come, or never will.
    }
    this.#end({ outcome: this.#wanted });
  }

  #onSending(request: SipRequest): void {
    const { userAgent, lateByes } = this.#parts;
    if (!this.#session) return;
    this.#transactions = new CallTransactions(
      { userAgent, lateByes, session: this.#session },
      {
        onInfo: (info) => {
          if (this.#phase !== 'ended') this.#events.onInfo(info);
        },
        onResponse: () => clearTimeout(this.#silence),
        onOver: this.#parts.onOver.bind(undefined, request.call_id),
      },
    );
    this.#parts.onNamed(request.call_id, this.#transactions);
    const { silence } = this.#options.limits;
    if (silence !== undefined) this.#silence = setTimeout(() => this.hangUp('trunk-unavailable'), silence);
    this.#events.onDialed?.(request.call_id);
  }

  #onProgress(response: SipResponse | null): void {
    // Gateways to the telephone network often say 183 and play the ringing tone, and never say 180.
    const rings = response?.status_code === 180 || response?.status_code === 183;
    if (this.#phase !== 'dialing' || this.#rang || !rings) return;
    this.#rang = true;
    this.#events.onRinging();
  }

  #onAnswered(): void {
    if (this.#phase !== 'dialing') return;
    this.#phase = 'answered';
    this.#transactions?.answered();
    clearTimeout(this.#limit);
    this.#events.onAnswered();
    this.#mender.answered();
  }

  #onSessionEnded(event: EndEvent): void {
    this.#end(this.#endOf(event));
  }

  #endOf({ originator, message, cause }: EndEvent): AgentCallEnd {
    if (this.#wanted !== undefined) return { outcome: this.#wanted };
    const answered = this.#phase !== 'dialing';
    if (answered) return { outcome: originator === 'remote' ? 'hung-up' : 'media-failed' };
    if (message && 'status_code' in message) {
      const { status_code: status } = message;
      // JsSIP gives up on a 2xx whose SDP it cannot use.
      const outcome = status < 300 ? 'media-failed' : outcomeOf(status, causeOf(message.getHeader('reason')));
      return { outcome, sipStatus: status };
    }
    if (this.#transactions?.noAnswer === undefined && cause === 'WebRTC Error') {
      const { fault } = this.media;
      return { outcome: 'media-failed', ...(fault !== undefined && { fault }) };
    }
    return { outcome: 'trunk-unavailable' };
  }

  #end(end: AgentCallEnd): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    clearTimeout(this.#limit);
    clearTimeout(this.#silence);
    this.#mender.close();
    this.media.close();
    const events = this.#events;
    this.#events = NOBODY;
    events.onEnded(end);
    this.#parts.onEnded(this);
    this.#transactions?.sessionEnded();
  }
}
