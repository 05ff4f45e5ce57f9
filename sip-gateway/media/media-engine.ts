/**
 * The media engine's port: ICE, DTLS and SRTP for one audio stream, RTP packets in and out in the clear.
 * node-datachannel is the engine we ship; another needs to pass test/contract/media-engine.contract.ts.
 */
export interface MediaEngine {
  createPeer(options: MediaPeerOptions): MediaPeer;
  /** Closes every peer; no more can be made. Harmless when called twice. */
  close(): void;
}

export interface MediaPeerOptions {
  /** Address to bind to; one host candidate is offered for it. */
  readonly address?: string;
  readonly ports?: { readonly from: number; readonly to: number };
  /** In order of preference. */
  readonly codecs: readonly Codec[];
  /** DTLS role offered (RFC 5763 §5). */
  readonly dtlsSetup: 'active' | 'actpass';
  readonly ssrc: number;
}

export type Codec = 'PCMU' | 'PCMA';

/** `failed` and `closed` are final. */
export type MediaPeerState = 'new' | 'connecting' | 'connected' | 'failed' | 'closed';

export interface MediaPeer {
  readonly state: MediaPeerState;
  onState: ((state: MediaPeerState) => void) | undefined;
  /**
   * Every RTP packet received, telephone-event included. The buffer is only ours during the call. While it is
   * undefined packets are dropped where they arrive: none is kept, copied or told of later.
   */
  onPacket: ((packet: Uint8Array) => void) | undefined;
  /** A complete SDP offer: all candidates in it, a real address in c= and m=. Rejects where no port can be had. */
  offer(): Promise<string>;
  /** A complete SDP answer to a remote offer. Rejects where no port can be had. */
  answer(remoteOffer: string): Promise<string>;
  /** Takes the remote answer to our offer. */
  accept(remoteAnswer: string): void;
  /** Sends one RTP packet; false when it cannot be sent now. Never throws. */
  send(packet: Uint8Array): boolean;
  /** Harmless when called twice. */
  close(): void;
}
