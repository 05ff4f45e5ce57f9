import type { CallLimits, DialInConfig, TrunkConfig } from '../../server/telephony/messages.ts';
import type { TelephonyStatus } from '../../server/verification/ports.ts';
import type { MediaEngine } from '../media/media-engine.ts';
import { CallMedia } from '../sip/call-media.ts';
import { disconnect, loadOf, requestsInProgress, type UserAgentLoad } from '../sip/jssip-internals.ts';
import type { RTCSession, SipRequest, Transaction } from '../sip/jssip.ts';
import { UserAgent } from '../sip/user-agent.ts';
import { WsSocket } from '../sip/ws-socket.ts';
import { AgentCall, type AgentCallEnd, type AgentCallEvents, type AgentCallParts } from './agent-call.ts';
import type { CallTransactions } from './call-transactions.ts';
import { callerOf } from './caller-id.ts';
import { destinationOf } from './destination.ts';
import { IncomingCall } from './incoming-call.ts';
import { LateByes } from './late-byes.ts';
import { Registration } from './registration.ts';

export interface AgentOptions {
  readonly trunk: TrunkConfig;
  readonly limits: Pick<CallLimits, 'ring' | 'media'>;
  readonly engine: MediaEngine;
  /** A UUID, the same after each restart: a new one would leave a stale binding at the registrar (RFC 5626 §4.1). */
  readonly instanceId: string;
  readonly onStatus: (status: TelephonyStatus) => void;
  /** Takes the calls that come in, while there are not too many; absent: they are declined. */
  readonly dialIn?: DialInConfig;
  readonly onIncoming?: (call: IncomingCall) => void;
  /** Called with what a listener threw; a message or a packet must not be able to end the process. */
  readonly onFault?: (error: unknown) => void;
  /** Tests shorten these; milliseconds. */
  readonly timing?: { readonly pingEvery?: number; readonly connectLimit?: number; readonly firstRetry?: number };
}

export interface PlaceOptions {
  /** Instead of the trunk's own. */
  readonly callerId?: string;
  /** Milliseconds from the INVITE to the answer, where not as usual. */
  readonly ring?: number;
  /** Milliseconds until a trunk that has said nothing at all, not even `100 Trying`, counts as broken. */
  readonly silence?: number;
}

/** Who decides about a call that came in is on this machine, or in this house; milliseconds. */
const DECIDE_LIMIT = 5_000;

/** Unregistering and the last BYEs are given this long, milliseconds. */
const CLOSE_LIMIT = 1_000;

export interface AgentLoad extends UserAgentLoad {
  readonly calls: number;
  /** BYEs that wait for the connection to come back. */
  readonly lateByes: number;
}

/** The headless JsSIP user agent that places and takes calls on one trunk. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #socket: WsSocket;
  readonly #userAgent: UserAgent;
  readonly #registration: Registration;
  readonly #lateByes = new LateByes();
  readonly #calls = new Set<AgentCall>();
  readonly #incoming = new Set<IncomingCall>();
  readonly #byCallId = new Map<string, CallTransactions>();
  readonly #callParts: AgentCallParts;
  #closing: Promise<void> | undefined;

  constructor(options: AgentOptions) {
    const { trunk, instanceId, timing = {}, onFault = () => {} } = options;
    this.#options = options;
    this.#socket = new WsSocket(trunk.url, { ...timing, onFault });
    this.#userAgent = new UserAgent({
      // A Socket by JsSIP's own test of it; its .d.ts asks for more than that test does.
      sockets: [{ socket: this.#socket, weight: 1 }],
      uri: trunk.uri,
      register: trunk.register,
      instance_id: instanceId,
      ...(trunk.authUser === undefined ? {} : { authorization_user: trunk.authUser }),
      ...(trunk.password === undefined ? {} : { password: trunk.password }),
    });
    this.#userAgent.watchTransactions({
      onBegun: (transaction) => this.#watch(transaction)?.begun(transaction),
      onOver: (transaction) => this.#watch(transaction)?.over(transaction),
    });
    this.#userAgent.on('newRTCSession', ({ originator, session, request }) => {
      session.on('refer', ({ reject }) => reject());
      session.on('replaces', ({ reject }) => reject());
      if (originator === 'remote') this.#ring(session, request);
    });
    this.#callParts = {
      userAgent: this.#userAgent,
      lateByes: this.#lateByes,
      onNamed: (callId, transactions) => this.#byCallId.set(callId, transactions),
      onEnded: (call) => this.#calls.delete(call),
      onOver: (callId) => this.#byCallId.delete(callId),
    };
    this.#registration = new Registration(this.#userAgent, {
      register: trunk.register,
      onStatus: (status) => {
        if (status.ready) this.#sendWhatWasLost();
        options.onStatus(status);
      },
      ...(timing.firstRetry === undefined ? {} : { firstRetry: timing.firstRetry }),
    });
  }

  get status(): TelephonyStatus {
    return this.#registration.status;
  }

  get load(): AgentLoad {
    const calls = this.#calls.size + this.#incoming.size;
    return { calls, lateByes: this.#lateByes.size, ...loadOf(this.#userAgent) };
  }

  start(): void {
    this.#userAgent.start();
  }

  /**
   * Places a call and returns at once; a trunk that is down, or a number that cannot be called, ends it in a
   * moment. Nothing is reported before this returns.
   */
  place(to: string, events: AgentCallEvents, how: PlaceOptions = {}): AgentCall {
    const { trunk, limits } = this.#options;
    const { callerId = trunk.callerId, ring = limits.ring, silence } = how;
    const target = destinationOf(to, trunk.uri);
    const call = new AgentCall(
      this.#callParts,
      {
        target: target ?? '',
        limits: { ring, media: limits.media, ...(silence !== undefined && { silence }) },
        media: this.#newMedia(),
        ...(callerId === undefined ? {} : { callerId }),
      },
      events,
    );
    this.#calls.add(call);
    queueMicrotask(() => {
      if (!this.status.ready || this.#closing) call.hangUp('trunk-unavailable');
      else if (target === undefined) call.hangUp('invalid-number');
      else call.dial();
    });
    return call;
  }

  /** Hangs up all calls, unregisters, disconnects. Harmless when called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const call of [...this.#calls, ...this.#incoming]) call.hangUp('canceled');
    this.#registration.close();
    const userAgent = this.#userAgent;
    userAgent.stop();
    const limit = Date.now() + CLOSE_LIMIT;
    while (requestsInProgress(userAgent) > 0 && Date.now() < limit) await shortly();
    disconnect(userAgent);
    for (const transactions of this.#byCallId.values()) transactions.close();
    this.#byCallId.clear();
    this.#calls.clear();
    this.#incoming.clear();
    this.#lateByes.close();
  }

  #newMedia(): CallMedia {
    const { trunk, engine } = this.#options;
    const address = trunk.mediaAddress ?? this.#socket.localAddress;
    return new CallMedia({
      engine,
      codecs: trunk.codecs,
      dtlsSetup: trunk.dtlsSetup,
      ...(address === undefined ? {} : { address }),
      ...(trunk.mediaPorts ? { ports: trunk.mediaPorts } : {}),
    });
  }

  /** What is refused here is refused before anybody is asked. */
  #ring(session: RTCSession, request: SipRequest): void {
    const { dialIn, onIncoming, limits } = this.#options;
    const refuse = (status: number): void => session.terminate({ status_code: status });
    if (!dialIn || !onIncoming) return refuse(603);
    if (this.#closing) return refuse(480);
    // A Call-ID is the name of one call: with that of another one somebody is after the other one's keys.
    if (this.#incoming.size >= dialIn.most || this.#byCallId.has(request.call_id)) return refuse(486);
    const media = this.#newMedia();
    if (request.body !== null && request.body !== '' && !media.canAnswer(request.body)) {
      media.close();
      return refuse(488);
    }
    const call = new IncomingCall(
      {
        userAgent: this.#userAgent,
        lateByes: this.#lateByes,
        session,
        onOver: (over) => {
          this.#incoming.delete(over);
          this.#byCallId.delete(over.sipCallId);
        },
      },
      {
        caller: callerOf(request, dialIn),
        sipCallId: request.call_id,
        media,
        limits: { decide: DECIDE_LIMIT, media: limits.media },
      },
    );
    this.#incoming.add(call);
    this.#byCallId.set(request.call_id, call.transactions);
    // Not within the event: JsSIP has not sent its 180 yet.
    queueMicrotask(() => onIncoming(call));
  }

  #sendWhatWasLost(): void {
    this.#lateByes.send();
    for (const transactions of this.#byCallId.values()) transactions.acknowledgeAgain();
  }

  #watch(transaction: Transaction): CallTransactions | undefined {
    return this.#byCallId.get(transaction.request.call_id);
  }
}

export type { AgentCall, AgentCallEnd, AgentCallEvents };

function shortly(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 10);
  });
}
