import { randomInt } from 'node:crypto';
import type { Codec, MediaEngine, MediaPeer } from '../media/media-engine.ts';
import { negotiate, type NegotiatedAudio } from '../media/negotiated.ts';
import { RtpStream } from '../media/rtp.ts';
import {
  answeredDirection,
  digestible,
  readAudio,
  sameTransport,
  withChosenRole,
  withDirection,
  withOrigin,
  withSetup,
} from './sdp.ts';

export interface CallMediaOptions {
  readonly engine: MediaEngine;
  /** In order of preference. */
  readonly codecs: readonly Codec[];
  readonly dtlsSetup: 'active' | 'actpass';
  readonly address?: string;
  readonly ports?: { readonly from: number; readonly to: number };
}

/**
 *   setting-up ─▶ connected ─▶ lost ─▶ (renew) setting-up
 *       └──────────────────────▲      closed: from every state, final
 *
 * `lost`: the peer failed, or the other side answered from another place than it did before; only a new offer
 * from a fresh peer can bring the media back.
 */
export type CallMediaState = 'setting-up' | 'connected' | 'lost' | 'closed';

/**
 * The media of one call, whichever peer carries it at the moment: a peer that failed is replaced behind it, and
 * the call's RTP stream goes on with the same SSRC, sequence and time.
 */
export class CallMedia {
  onState: ((state: CallMediaState) => void) | undefined;
  readonly stream = new RtpStream();
  readonly #options: CallMediaOptions;
  readonly #sessionId = randomInt(2 ** 31);
  #onPacket: ((packet: Uint8Array) => void) | undefined;
  #version = 0;
  #state: CallMediaState = 'setting-up';
  #peer: MediaPeer | undefined;
  #local: string | undefined;
  #remote: string | undefined;
  #role: 'active' | 'passive' = 'active';
  #negotiated: NegotiatedAudio | undefined;
  #dtlsSetup: 'active' | 'actpass';
  #fault: string | undefined;

  constructor(options: CallMediaOptions) {
    this.#options = options;
    this.#dtlsSetup = options.dtlsSetup;
  }

  get state(): CallMediaState {
    return this.#state;
  }

  get onPacket(): ((packet: Uint8Array) => void) | undefined {
    return this.#onPacket;
  }

  /** Why the latest description could not be made, for the operator. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Every packet received; see MediaPeer.onPacket. */
  set onPacket(listener: ((packet: Uint8Array) => void) | undefined) {
    this.#onPacket = listener;
    if (this.#peer) this.#peer.onPacket = listener;
  }

  /** Known once both descriptions are. */
  get negotiated(): NegotiatedAudio | undefined {
    return this.#negotiated;
  }

  /** Sends one RTP packet; false when it cannot be sent now. Never throws. */
  send(packet: Uint8Array): boolean {
    return this.#peer?.send(packet) ?? false;
  }

  /**
   * Lets go of the peer: the next offer comes from a fresh one. In the role that we were given, unless another is
   * named for this time: `actpass` is slower by a second and seldom runs into libdatachannel's race (field notes §8).
   */
  renew(dtlsSetup = this.#options.dtlsSetup): void {
    if (this.#state === 'closed') return;
    this.#dtlsSetup = dtlsSetup;
    this.#dropPeer();
    this.#setState('setting-up');
  }

  /** A complete offer; the one that stands, while nothing was lost. */
  async createOffer(): Promise<string> {
    if (!this.#peer || this.#local === undefined) {
      this.#local = await this.#noting(async () => this.#freshPeer().offer());
    }
    return this.#described(this.#local);
  }

  /**
   * Takes the answer to the offer. Throws for an answer that no peer of ours could use (no audio, no codec of
   * ours, no DTLS, no ICE). A peer that fails over a good one is not thrown but `lost`: an answered call can
   * still be mended.
   */
  acceptAnswer(answer: string): void {
    const sdp = withChosenRole(digestible(answer), this.#dtlsSetup);
    const negotiated = this.#usable(sdp);
    if (this.#remote !== undefined) {
      // 200 after a 183 with SDP, or an answer to a re-INVITE of the session as it is.
      if (sameTransport(this.#remote, sdp)) this.#negotiated = negotiated;
      else this.#setState('lost');
      return;
    }
    this.#remote = sdp;
    this.#negotiated = negotiated;
    this.#role = sdp.includes('a=setup:active') ? 'passive' : 'active';
    try {
      this.#peer?.accept(sdp);
    } catch {
      this.#setState('lost');
    }
  }

  /** Whether `createAnswer` could answer this. */
  canAnswer(offer: string): boolean {
    try {
      this.#usable(digestible(offer));
      return true;
    } catch {
      return false;
    }
  }

  /** A complete answer to the other side's offer; from a fresh peer if the offer comes from a new place. */
  async createAnswer(offer: string): Promise<string> {
    const sdp = digestible(offer);
    const negotiated = this.#usable(sdp);
    const direction = answeredDirection(readAudio(sdp)?.direction ?? 'sendrecv');
    if (this.#local !== undefined && this.#remote !== undefined && sameTransport(this.#remote, sdp)) {
      this.#negotiated = negotiated;
      return this.#described(withDirection(withSetup(this.#local, this.#role), direction));
    }
    this.#dropPeer();
    this.#setState('setting-up');
    const peer = this.#freshPeer();
    this.#remote = sdp;
    this.#negotiated = negotiated;
    this.#local = await this.#noting(async () => peer.answer(sdp));
    this.#role = this.#local.includes('a=setup:active') ? 'active' : 'passive';
    return this.#described(withDirection(this.#local, direction));
  }

  /** Harmless when called twice. */
  close(): void {
    this.#dropPeer();
    this.#setState('closed');
    this.onState = undefined;
    this.#onPacket = undefined;
  }

  #usable(sdp: string): NegotiatedAudio {
    const audio = readAudio(sdp);
    const negotiated = negotiate(sdp, this.#options.codecs);
    if (!audio || !negotiated) throw new Error('the other side has no audio that we speak');
    if (!audio.fingerprint || !audio.iceUfrag || !audio.icePwd) throw new Error('the other side has no DTLS or no ICE');
    return negotiated;
  }

  #freshPeer(): MediaPeer {
    if (this.#state === 'closed') throw new Error('the call is over');
    const { engine, ...peerOptions } = this.#options;
    const peer = engine.createPeer({ ...peerOptions, dtlsSetup: this.#dtlsSetup, ssrc: this.stream.ssrc });
    peer.onPacket = this.#onPacket;
    peer.onState = (state) => {
      if (state === 'connected') this.#setState('connected');
      if (state === 'failed' || state === 'closed') this.#setState('lost');
    };
    this.#peer = peer;
    return peer;
  }

  /** JsSIP does not pass on what went wrong. */
  async #noting(describe: () => Promise<string>): Promise<string> {
    try {
      return await describe();
    } catch (error) {
      this.#fault = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  #dropPeer(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    this.#local = undefined;
    this.#remote = undefined;
    if (!peer) return;
    peer.onState = undefined;
    peer.close();
    peer.onPacket = undefined;
  }

  #described(sdp: string): string {
    this.#version += 1;
    return withOrigin(sdp, this.#sessionId, this.#version);
  }

  #setState(state: CallMediaState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    this.onState?.(state);
  }
}
