import { DatachannelPeer } from './datachannel-peer.ts';
import type { MediaEngine, MediaPeer, MediaPeerOptions } from './media-engine.ts';

export interface DatachannelEngineOptions {
  /** Called with what a listener of a peer threw; it goes no further, since it would abort the process. */
  readonly onFault?: (error: unknown) => void;
}

export interface DatachannelEngine extends MediaEngine {
  /** That are not closed. */
  readonly peers: number;
}

/**
 * ICE, DTLS and SRTP by libdatachannel. Its threads belong to the process and stay: `cleanup()` of node-datachannel
 * waits, and blocks the event loop, until V8 has collected every object of it, for ten seconds if it must.
 */
export function createDatachannelEngine({ onFault = () => {} }: DatachannelEngineOptions = {}): DatachannelEngine {
  const peers = new Set<DatachannelPeer>();
  let closed = false;

  return {
    get peers() {
      return peers.size;
    },
    createPeer(options: MediaPeerOptions): MediaPeer {
      if (closed) throw new Error('the media engine is closed');
      const peer = new DatachannelPeer(options, { onFault, onClosed: (gone) => peers.delete(gone) });
      peers.add(peer);
      return peer;
    },
    close() {
      closed = true;
      for (const peer of peers) peer.close();
    },
  };
}
