import { UA, WebSocketInterface } from 'jssip';
import type { DTMF, IceCandidateEvent, PeerConnectionEvent, RTCSession } from 'jssip/lib/RTCSession.js';
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent, UnRegisteredEvent } from 'jssip/lib/UA.js';
import { backoff } from '../api/backoff.ts';
import type { PhoneState } from './phone-state.ts';

export interface SoftphoneOptions {
  /** `ws://` or `wss://` */
  readonly url: string;
  /** The user part of its address, such as `+12025550123`. */
  readonly user: string;
  readonly domain: string;
  readonly password?: string;
  /** What the caller gets to hear. */
  readonly voice: MediaStream;
  onState(state: PhoneState): void;
  /** The caller's voice; comes once for each call that is answered. */
  onSound(stream: MediaStream): void;
  /** A key was sent, and the other side did not take it. */
  onKeyLost(key: string): void;
}

/** JsSIP sends an answer only when all candidates are known, which can take half a minute (field notes §1.6). */
const MORE_CANDIDATES = 500;
/** As long as a person holds a key. */
const KEY_PRESS = 160;
const REGISTRATION_SECONDS = 120;

/** A telephone on the local proxy: registers, calls and is called with real media, sends keys. One call at a time. */
export class Softphone {
  readonly #options: SoftphoneOptions;
  readonly #agent: UA;
  #call: RTCSession | undefined;
  #line: 'connecting' | 'retrying' | 'refused' | 'ready' = 'connecting';
  #registering: number | undefined;
  #attempt = 0;
  #isClosed = false;

  constructor(options: SoftphoneOptions) {
    this.#options = options;
    const { url, user, domain, password } = options;
    this.#agent = new UA({
      sockets: [new WebSocketInterface(url)],
      uri: `sip:${user}@${domain}`,
      ...(password !== undefined && { password }),
      register_expires: REGISTRATION_SECONDS,
      session_timers: false,
      user_agent: 'Ringproof test phone',
    });
    this.#agent.on('registered', () => {
      this.#attempt = 0;
      this.#setLine('ready');
    });
    this.#agent.on('disconnected', () => this.#setLine('retrying'));
    this.#agent.on('registrationFailed', (event: UnRegisteredEvent) => this.#onRegistrationFailed(event));
    this.#agent.on('newRTCSession', ({ originator, session }: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      const from: string = originator;
      if (from === 'remote') this.#ring(session);
    });
    this.#agent.start();
    this.#tell({ name: 'connecting' });
  }

  /** Calls a number on the proxy, with its own as the caller's; does nothing while another call is up. */
  call(number: string): void {
    if (this.#call && !this.#call.isEnded()) return;
    const { voice, domain } = this.#options;
    const call = this.#agent.call(`sip:${number}@${domain}`, { mediaStream: voice, pcConfig: { iceServers: [] } });
    // JsSIP has told of the connection already: before anybody could listen to the call (field notes §1.6).
    this.#hearFrom(call.connection);
    this.#follow(call);
    this.#tell({ name: 'answering', caller: callerOf(call) });
  }

  answer(): void {
    const call = this.#call;
    if (!call || call.isEstablished()) return;
    this.#tell({ name: 'answering', caller: callerOf(call) });
    call.answer({ mediaStream: this.#options.voice, pcConfig: { iceServers: [] } });
  }

  /** Declines a call that rings, hangs up one that is answered. */
  hangUp(): void {
    const call = this.#call;
    if (!call || call.isEnded()) return;
    call.terminate(call.isEstablished() ? {} : { status_code: 603, reason_phrase: 'Decline' });
  }

  /** Presses a key: `0`-`9`, `*`, `#`. Goes as SIP INFO, application/dtmf-relay. */
  key(key: string): boolean {
    const call = this.#call;
    if (!call?.isEstablished()) return false;
    call.sendDTMF(key, { duration: KEY_PRESS, interToneGap: KEY_PRESS / 2 });
    return true;
  }

  close(): void {
    if (this.#isClosed) return;
    this.hangUp();
    this.#isClosed = true;
    window.clearTimeout(this.#registering);
    this.#agent.stop();
  }

  #ring(call: RTCSession): void {
    if (this.#call && !this.#call.isEnded()) {
      call.terminate({ status_code: 486, reason_phrase: 'Busy Here' });
      return;
    }
    call.on('peerconnection', ({ peerconnection }: PeerConnectionEvent) => this.#hearFrom(peerconnection));
    this.#follow(call);
    this.#tell({ name: 'ringing', caller: callerOf(call) });
  }

  #hearFrom(connection: RTCPeerConnection): void {
    connection.addEventListener('track', ({ track, streams }) =>
      this.#options.onSound(streams[0] ?? new MediaStream([track])),
    );
  }

  #follow(call: RTCSession): void {
    this.#call = call;
    let candidates: number | undefined;
    call.on('icecandidate', ({ ready }: IceCandidateEvent) => {
      candidates ??= window.setTimeout(ready, MORE_CANDIDATES);
    });
    call.on('newDTMF', ({ originator, dtmf }: { originator: unknown; dtmf: DTMF }) => {
      if (originator === 'local') dtmf.on('failed', () => this.#options.onKeyLost(dtmf.tone));
    });
    call.on('confirmed', () => this.#tell({ name: 'talking', caller: callerOf(call) }));
    const end = (): void => {
      window.clearTimeout(candidates);
      // JsSIP forgets to close it when an answer fails half-way (field notes §1.6); closing twice is harmless.
      call.connection?.close();
      this.#tell({ name: 'ended', caller: callerOf(call) });
    };
    call.on('ended', end);
    call.on('failed', end);
  }

  #onRegistrationFailed({ response }: UnRegisteredEvent): void {
    // JsSIP's types promise a response; there is none when nobody answered.
    const status = (response as UnRegisteredEvent['response'] | null)?.status_code;
    if (status === 401 || status === 403 || status === 407) {
      this.#setLine('refused');
      this.close();
      return;
    }
    this.#setLine('retrying');
    // It tries only once by itself, until the socket reconnects (field notes §1.4).
    window.clearTimeout(this.#registering);
    this.#registering = window.setTimeout(() => this.#registerAgain(), backoff(this.#attempt));
    this.#attempt += 1;
  }

  #registerAgain(): void {
    if (!this.#isClosed && this.#agent.isConnected() && !this.#agent.isRegistered()) this.#agent.register();
  }

  #setLine(line: 'connecting' | 'retrying' | 'refused' | 'ready'): void {
    if (this.#isClosed || this.#line === line) return;
    this.#line = line;
    // A call that is up outlives its registration, and even its socket.
    if (!this.#call || this.#call.isEnded()) this.#tell({ name: line });
  }

  #tell(state: PhoneState): void {
    if (!this.#isClosed) this.#options.onState(state);
  }
}

function callerOf({ remote_identity: { display_name: name, uri } }: RTCSession): string {
  return name || uri.user || uri.host;
}
