import type { Codec, MediaEngine } from '../media/media-engine.ts';
import { createPacer, type Pacer } from '../media/pacer.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';
import type { RTCSession } from '../sip/jssip.ts';
import { disconnect, requestsInProgress } from '../sip/jssip-internals.ts';
import { CallMedia } from '../sip/call-media.ts';
import { NO_TRACKS } from '../sip/rtc-peer-connection.ts';
import { UserAgent } from '../sip/user-agent.ts';
import { WsSocket } from '../sip/ws-socket.ts';
import { PhoneCall, type PhoneManner } from './phone-call.ts';
import type { PhoneEvent, PhoneHappening } from './phone-event.ts';
import { createPromptRecogniser } from './prompt-recogniser.ts';

export interface TesterPhoneOptions {
  /** What it is called by: `+12025550123` or an extension. */
  readonly phoneNumber: string;
  /** The proxy's WebSocket, such as `ws://127.0.0.1:3000/sip`. */
  readonly url: string;
  /** Domain of the address of record; the URL's host unless told otherwise. */
  readonly domain?: string;
  readonly password?: string;
  /** In order of preference. */
  readonly codecs?: readonly Codec[];
  readonly manner?: Partial<PhoneManner>;
  /** The prompts that it can tell apart. */
  readonly packs: readonly PromptPack[];
  readonly engine: MediaEngine;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onEvent?: (event: PhoneEvent) => void;
}

/** Why a phone cannot be used; the message is fit to be shown. */
export class PhoneError extends Error {
  override readonly name = 'PhoneError';
}

/** Any of these settles whether the phone can be reached. */
const FIRST_EVENTS: ReadonlySet<PhoneEvent['type']> = new Set(['registered', 'registration-failed', 'disconnected']);
const MANNER: PhoneManner = {
  onRing: 'answer',
  answerAfter: 500,
  passGate: true,
  keyWay: 'info',
  testWays: ['info', 'rfc4733', 'in-band'],
};
/** A phone rings until the caller gives up; JsSIP would answer 408 after a minute. Seconds. */
const RING_LIMIT = 600;
/** How long the last requests may take when the phone goes away, milliseconds. */
const FAREWELL_LIMIT = 1_000;

/**
 * A headless phone for testers: registers on a SIP-over-WebSocket proxy, takes one call at a time (a second one
 * hears busy), recognises the prompts it hears and keys digits.
 */
export class TesterPhone {
  readonly #options: TesterPhoneOptions;
  readonly #socket: WsSocket;
  readonly #agent: UserAgent;
  readonly #pacer: Pacer = createPacer();
  readonly #watchers = new Set<(event: PhoneEvent) => void>();
  readonly #waiters = new Set<(why: string) => void>();
  readonly #calls: PhoneCall[] = [];
  /** For the next call; a call under way keeps what it began with. */
  manner: PhoneManner;
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(options: TesterPhoneOptions) {
    this.#options = options;
    this.manner = { ...MANNER, ...options.manner };
    // The index of the prompts takes its time to make: now, not while it rings.
    createPromptRecogniser({ packs: options.packs });
    this.#socket = new WsSocket(options.url, { onFault: (error) => this.#fault(error) });
    const domain = options.domain ?? new URL(options.url).hostname;
    this.#agent = new UserAgent({
      sockets: [{ socket: this.#socket, weight: 1 }],
      uri: `sip:${options.phoneNumber}@${domain}`,
      register: true,
      no_answer_timeout: RING_LIMIT,
      ...(options.password === undefined ? {} : { password: options.password }),
    });
    this.#agent.on('registered', () => this.#tell({ type: 'registered' }));
    this.#agent.on('registrationFailed', ({ response, cause }) =>
      this.#tell({
        type: 'registration-failed',
        reason: response ? `${response.status_code} ${response.reason_phrase}` : cause,
      }),
    );
    this.#agent.on('disconnected', () => {
      // JsSIP also reports the end of the connection that we closed.
      if (!this.#isClosed) this.#tell({ type: 'disconnected' });
    });
    this.#agent.on('newRTCSession', ({ session }) => this.#ring(session));
  }

  /** The calls of this phone, the oldest first; the last one may be under way. */
  get calls(): readonly PhoneCall[] {
    return this.#calls;
  }

  get currentCall(): PhoneCall | undefined {
    const last = this.#calls.at(-1);
    return last?.end ? undefined : last;
  }

  /**
   * Connects and registers. Rejects with a PhoneError when the proxy refuses, or does not answer within `limit`
   * milliseconds; the phone is closed then.
   */
  async register(limit = 10_000): Promise<void> {
    const registered = this.next(({ type }) => FIRST_EVENTS.has(type), limit);
    this.#agent.start();
    const event = await registered.catch(() => undefined);
    if (event?.type === 'registered') return;
    await this.close();
    throw new PhoneError(
      event?.type === 'registration-failed'
        ? `${this.#options.url} refuses to register ${this.#options.phoneNumber}: ${event.reason}`
        : `${this.#options.url} does not answer; start a proxy with: ringproof start`,
    );
  }

  /** Calls a number on the proxy, with its own as the caller's. @throws PhoneError while another call is up */
  call(to: string): PhoneCall {
    if (this.currentCall || this.#isClosed) throw new PhoneError('the phone is in a call already');
    const media = this.#newMedia();
    const domain = this.#options.domain ?? new URL(this.#options.url).hostname;
    const session = this.#agent.call(`sip:${to}@${domain}`, {
      mediaStream: NO_TRACKS,
      pcConfig: { iceServers: [], media },
    });
    const call = this.#newCall(session, media);
    call.dialed(to);
    return call;
  }

  /** Tells of everything from now on; returns the undo. */
  watch(watcher: (event: PhoneEvent) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** The next event that is meant; rejects after `limit` milliseconds, and when the phone is closed before. */
  next<Meant extends PhoneEvent>(isMeant: (event: PhoneEvent) => event is Meant, limit: number): Promise<Meant>;
  next(isMeant: (event: PhoneEvent) => boolean, limit: number): Promise<PhoneEvent>;
  next(isMeant: (event: PhoneEvent) => boolean, limit: number): Promise<PhoneEvent> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        this.#waiters.delete(giveUp);
        then();
      };
      const giveUp = (why: string) => settle(() => reject(new PhoneError(why)));
      const watcher = (event: PhoneEvent) => {
        if (isMeant(event)) settle(() => resolve(event));
      };
      const timer = setTimeout(() => giveUp(`nothing of that kind happened within ${limit} ms`), limit);
      this.#watchers.add(watcher);
      this.#waiters.add(giveUp);
    });
  }

  /** Hangs up, unregisters, disconnects. Harmless when called twice. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.currentCall?.hangUp();
    this.#agent.stop();
    const limit = Date.now() + FAREWELL_LIMIT;
    while (requestsInProgress(this.#agent) > 0 && Date.now() < limit) await shortly();
    disconnect(this.#agent);
    this.#pacer.close();
    for (const giveUp of this.#waiters) giveUp('the phone was closed');
    this.#watchers.clear();
  }

  #ring(session: RTCSession): void {
    if (session.direction !== 'incoming') return;
    if (this.currentCall || this.#isClosed) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.#newCall(session, this.#newMedia()).ring();
  }

  #newMedia(): CallMedia {
    const { engine, codecs = ['PCMU', 'PCMA'] } = this.#options;
    const address = this.#socket.localAddress;
    return new CallMedia({ engine, codecs, dtlsSetup: 'active', ...(address === undefined ? {} : { address }) });
  }

  #newCall(session: RTCSession, media: CallMedia): PhoneCall {
    const { packs, now } = this.#options;
    const call = new PhoneCall({
      number: this.#calls.length + 1,
      session,
      media,
      pacer: this.#pacer,
      packs,
      manner: this.manner,
      now,
      onHappening: (of, happening) => this.#tell(happening, of),
    });
    this.#calls.push(call);
    return call;
  }

  #tell(happening: PhoneHappening, call?: PhoneCall): void {
    const at = this.#options.now();
    const answeredAt = call?.answeredAt;
    const event: PhoneEvent = {
      ...happening,
      at,
      call: call?.number ?? 0,
      ...(answeredAt === undefined ? {} : { callMs: at - answeredAt }),
    };
    this.#options.onEvent?.(event);
    for (const watcher of this.#watchers) watcher(event);
  }

  /** What a message did to JsSIP must not end the phone; the call that it belongs to does not work then, and says so. */
  #fault(error: unknown): void {
    this.#tell({ type: 'fault', message: error instanceof Error ? error.message : String(error) });
  }
}

function shortly(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 10);
  });
}
