import type { MediaEngine, MediaPeer } from '../../sip-gateway/media/media-engine.ts';

/**
 * How a peer of the engine goes wrong: both faces of libdatachannel's race, whichever side answered, and a peer that
 * never connects.
 */
export type Break = 'throws on the answer' | 'fails after the answer' | 'never connects';

/** An engine whose first peers break, in this order; the ones after them are whole. */
export function breakingEngine(engine: MediaEngine, breaks: Break[]): MediaEngine {
  return {
    createPeer(options) {
      const peer = engine.createPeer(options);
      const how = breaks.shift();
      return how === undefined ? peer : broken(peer, how);
    },
    close: () => engine.close(),
  };
}

function broken(peer: MediaPeer, how: Break): MediaPeer {
  const failSoon = (): void => {
    if (how === 'fails after the answer') setImmediate(() => wrapper.onState?.('failed'));
  };
  const wrapper: MediaPeer = {
    state: 'new',
    onState: undefined,
    onPacket: undefined,
    offer: () => peer.offer(),
    async answer(offer) {
      const sdp = await peer.answer(offer);
      failSoon();
      return sdp;
    },
    accept() {
      if (how === 'throws on the answer') throw new Error('Got a remote candidate without ICE transport');
      failSoon();
    },
    send: () => false,
    close: () => peer.close(),
  };
  return wrapper;
}
