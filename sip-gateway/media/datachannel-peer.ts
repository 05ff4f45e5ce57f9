import { Audio, PeerConnection, type Track } from 'node-datachannel';
import { readAudio, withDirection, withoutTrickle, withSetup } from '../sip/sdp.ts';
import { withFreePort } from './free-port.ts';
import type { Codec, MediaPeer, MediaPeerOptions, MediaPeerState } from './media-engine.ts';

const PAYLOAD_TYPES: Readonly<Record<Codec, number>> = { PCMU: 0, PCMA: 8 };
const TELEPHONE_EVENT = 101;
/** RFC 4733 events 0-16: the keys, A-D and hook flash. */
const TELEPHONE_EVENTS = '0-16';

export interface DatachannelPeerHooks {
  onClosed(peer: DatachannelPeer): void;
  /** Called with what a listener threw. */
  onFault(error: unknown): void;
}

/** One libdatachannel PeerConnection with one audio track. */
export class DatachannelPeer implements MediaPeer {
  onState: ((state: MediaPeerState) => void) | undefined;
  readonly #options: MediaPeerOptions;
  readonly #hooks: DatachannelPeerHooks;
  readonly #connection: PeerConnection;
  #onPacket: ((packet: Uint8Array) => void) | undefined;
  #audio: Audio | undefined;
  #track: Track | undefined;
  /** Further handles of the one track: libdatachannel closes the track when one of them is collected. */
  readonly #handles: Track[] = [];
  #subscribed = false;
  #receiving = false;
  #state: MediaPeerState = 'new';

  constructor(options: MediaPeerOptions, hooks: DatachannelPeerHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#connection = new PeerConnection('ringproof', {
      iceServers: [],
      disableAutoNegotiation: true,
      ...(options.address === undefined ? {} : { bindAddress: options.address }),
      ...(options.ports ? { portRangeBegin: options.ports.from, portRangeEnd: options.ports.to } : {}),
    });
    this.#connection.onStateChange((state) => this.#guard(() => this.#onNativeState(state)));
  }

  get state(): MediaPeerState {
    return this.#state;
  }

  get onPacket(): ((packet: Uint8Array) => void) | undefined {
    return this.#onPacket;
  }

  set onPacket(listener: ((packet: Uint8Array) => void) | undefined) {
    const was = this.#onPacket !== undefined;
    this.#onPacket = listener;
    if (was !== (listener !== undefined)) this.#receive();
  }

  async offer(): Promise<string> {
    const audio = new Audio('0', 'SendOnly');
    for (const codec of this.#options.codecs) addCodec(audio, PAYLOAD_TYPES[codec], codec);
    addCodec(audio, TELEPHONE_EVENT, 'telephone-event');
    this.#addTrack(audio);
    return withSetup(await this.#described('offer'), this.#options.dtlsSetup);
  }

  async answer(remoteOffer: string): Promise<string> {
    const offered = readAudio(remoteOffer);
    if (!offered) throw new Error('the offer has no audio');
    const audio = new Audio(offered.mid, 'SendOnly');
    for (const codec of this.#options.codecs) {
      const match = offered.codecs.find(({ name, clockRate }) => name === codec && clockRate === 8000);
      if (match) addCodec(audio, match.payloadType, codec);
    }
    const event = offered.codecs.find(({ name, clockRate }) => name === 'TELEPHONE-EVENT' && clockRate === 8000);
    if (event) addCodec(audio, event.payloadType, 'telephone-event');
    this.#addTrack(audio);
    this.#connection.setRemoteDescription(remoteOffer, 'offer');
    return this.#described('answer');
  }

  accept(remoteAnswer: string): void {
    this.#connection.setRemoteDescription(remoteAnswer, 'answer');
  }

  send(packet: Uint8Array): boolean {
    if (this.#state !== 'connected' || !this.#track) return false;
    try {
      // libdatachannel copies the packet before it returns.
      return this.#track.sendMessageBinary(asBuffer(packet));
    } catch {
      return false;
    }
  }

  close(): void {
    this.#setState('closed');
    this.#connection.close();
    // A track that is only forgotten holds its listeners, they hold this peer, and four libuv handles stay with it:
    // node-datachannel lets go of them when the track is closed, not when its connection is.
    for (const handle of this.#handles.splice(0)) handle.close();
    this.#track?.close();
    this.#track = undefined;
    this.#audio = undefined;
  }

  #addTrack(audio: Audio): void {
    audio.addSSRC(this.#options.ssrc, 'ringproof');
    const track = this.#connection.addTrack(audio);
    this.#audio = audio;
    this.#track = track;
    track.onOpen(() => this.#guard(() => this.#setState('connected')));
  }

  /**
   * Lets packets in, or has libdatachannel drop them where it has decrypted them, as it does on a track that only
   * sends. Without that a track nobody listens to would keep its last 1,024 packets, some 250 kB a call. The
   * description that the other side gets says `sendrecv` all the same: to a gateway, `sendonly` would mean hold.
   */
  #receive(): void {
    if (!this.#audio || !this.#track || this.#state === 'closed') return;
    const listening = this.#onPacket !== undefined;
    if (listening === this.#receiving) return;
    this.#receiving = listening;
    if (listening && !this.#subscribed) this.#subscribe(this.#track);
    try {
      this.#audio.setDirection(listening ? 'SendRecv' : 'SendOnly');
      // With a mid that it knows, libdatachannel changes the track that is there.
      this.#handles.push(this.#connection.addTrack(this.#audio));
    } catch (error) {
      this.#hooks.onFault(error);
    }
  }

  #subscribe(track: Track): void {
    this.#subscribed = true;
    // This runs for every packet of every call: an exception here would abort the process (field notes §2.2), so
    // it is caught, and nothing else is done.
    track.onMessage((packet) => {
      try {
        this.#onPacket?.(packet);
      } catch (error) {
        this.#hooks.onFault(error);
      }
    });
  }

  /**
   * Without servers to ask, libdatachannel has all candidates before setLocalDescription() returns. No callback is asked
   * for what is known: each is a handle that libuv looks at whenever any of them, of any call, has something to tell.
   */
  async #described(type: 'offer' | 'answer'): Promise<string> {
    await withFreePort(this.#options, () => {
      if (this.#state === 'closed') throw new Error('the call is over');
      this.#connection.setLocalDescription(type);
    });
    const isComplete = this.#connection.gatheringState() === 'complete';
    const description = this.#connection.localDescription();
    if (!isComplete || !description) throw new Error('there are no ICE candidates');
    this.#receive();
    return withDirection(withoutTrickle(description.sdp), 'sendrecv');
  }

  #onNativeState(state: string): void {
    if (state === 'connecting') this.#setState('connecting');
    if (state === 'failed') this.#setState('failed');
    if (state === 'closed') this.#setState('closed');
  }

  /** Forward only: libdatachannel reports from its own threads, and late. */
  #setState(state: MediaPeerState): void {
    if (this.#state === 'closed' || this.#state === state) return;
    if (this.#state === 'failed' && state !== 'closed') return;
    if (this.#state === 'connected' && state === 'connecting') return;
    this.#state = state;
    if (state === 'closed') this.#hooks.onClosed(this);
    this.#guard(() => this.onState?.(state));
  }

  #guard(body: () => void): void {
    try {
      body();
    } catch (error) {
      this.#hooks.onFault(error);
    }
  }
}

/** node-datachannel takes a Buffer only by its types, and our packets are Buffers already. */
function asBuffer(packet: Uint8Array): Buffer {
  return Buffer.isBuffer(packet) ? packet : Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
}

/** `addAudioCodec` would write `telephone-event/48000/2` for a bare name, and gateways then send none (field notes §8). */
function addCodec(audio: Audio, payloadType: number, name: Codec | 'telephone-event'): void {
  if (name === 'telephone-event') audio.addAudioCodec(payloadType, `${name}/8000`, TELEPHONE_EVENTS);
  else audio.addAudioCodec(payloadType, `${name}/8000`);
}
