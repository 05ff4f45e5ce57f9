import { cleanup } from 'node-datachannel';
import { DatachannelPeer } from './datachannel-peer.ts';
import type { MediaEngine, MediaPeer, MediaPeerOptions } from './media-engine.ts';

export interface DatachannelEngineOptions {
  /** Called with what a listener of a peer threw; it goes no further, since it would abort the process. */
  readonly onFault?: (error: unknown) => void;
}

/** libdatachannel's threads belong to the process: the last engine to close frees them. */
let open = 0;

/** ICE, DTLS and SRTP by libdatachannel. */
export function createDatachannelEngine({ onFault = () => {} }: DatachannelEngineOptions = {}): MediaEngine {
  const peers = new Set<DatachannelPeer>();
  let closed = false;
  open += 1;

  return {
    createPeer(options: MediaPeerOptions): MediaPeer {
      if (closed) throw new Error('the media engine is closed');
      const peer = new DatachannelPeer(options, { onFault, onClosed: (gone) => peers.delete(gone) });
      peers.add(peer);
      return peer;
    },
    close() {
      if (closed) return;
      closed = true;
      for (const peer of peers) peer.close();
      open -= 1;
      if (open === 0) cleanup();
    },
  };
}
