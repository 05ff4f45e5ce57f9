import type { CallMedia } from './call-media.ts';

interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/**
 * As much of the W3C RTCPeerConnection as JsSIP uses (field notes §1.2), over the call's own media, which comes
 * in by `pcConfig`. Differences that are meant:
 * - descriptions are complete when they are made, so there is no gathering to wait for (JsSIP has no limit on it);
 * - `iceConnectionState` never becomes `failed`: JsSIP would end the call, and ours mends it.
 */
export class RtcPeerConnection extends EventTarget {
  readonly iceGatheringState = 'complete';
  iceConnectionState: 'new' | 'closed' = 'new';
  signalingState: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed' = 'stable';
  localDescription: Description | null = null;
  readonly #media: CallMedia;
  #remoteOffer = '';

  constructor(config: { readonly media: CallMedia }) {
    super();
    this.#media = config.media;
  }

  async createOffer(): Promise<Description> {
    return { type: 'offer', sdp: await this.#media.createOffer() };
  }

  async createAnswer(): Promise<Description> {
    return { type: 'answer', sdp: await this.#media.createAnswer(this.#remoteOffer) };
  }

  setLocalDescription(description: Description): Promise<void> {
    this.localDescription = description;
    this.#signal(description.type === 'offer' ? 'have-local-offer' : 'stable');
    return Promise.resolve();
  }

  async setRemoteDescription(description: Description): Promise<void> {
    if (description.type === 'answer') {
      this.#media.acceptAnswer(description.sdp);
      this.#signal('stable');
      return;
    }
    // JsSIP answers 488 to what fails here, and 500 to what fails later (RFC 3261 §14.2 wants 488).
    if (!this.#media.canAnswer(description.sdp)) throw new Error('the other side offers nothing that we speak');
    this.#remoteOffer = description.sdp;
    this.#signal('have-remote-offer');
  }

  addTrack(): void {}

  getSenders(): readonly never[] {
    return [];
  }

  close(): void {
    this.signalingState = 'closed';
    this.iceConnectionState = 'closed';
    this.#media.close();
  }

  #signal(state: 'stable' | 'have-local-offer' | 'have-remote-offer'): void {
    if (this.signalingState !== 'closed') this.signalingState = state;
  }
}

/** JsSIP wants a MediaStream with each call, and asks it only for its tracks; ours has none. */
export const NO_TRACKS = {
  getTracks: (): readonly never[] => [],
  getAudioTracks: (): readonly never[] => [],
  getVideoTracks: (): readonly never[] => [],
  removeTrack(): void {},
};
