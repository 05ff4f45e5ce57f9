import type { MediaEngine, MediaPeer, MediaPeerState } from '../../sip-gateway/media/media-engine.ts';

const SDP = [
  'v=0',
  'o=rtc 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'm=audio 40000 UDP/TLS/RTP/SAVPF 0 101',
  'c=IN IP4 127.0.0.1',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=setup:active',
  'a=ice-ufrag:fake',
  'a=ice-pwd:0123456789abcdef01234567',
  '',
].join('\r\n');

/** Media that are there at once and carry nothing: for tests of what is said, not of what is heard. */
export function instantEngine(): MediaEngine {
  return { createPeer: () => new InstantPeer(), close() {} };
}

class InstantPeer implements MediaPeer {
  state: MediaPeerState = 'new';
  onState: ((state: MediaPeerState) => void) | undefined;
  onPacket: ((packet: Uint8Array) => void) | undefined;

  offer(): Promise<string> {
    return Promise.resolve(SDP);
  }

  answer(): Promise<string> {
    this.accept();
    return Promise.resolve(SDP.replace('setup:active', 'setup:passive'));
  }

  accept(): void {
    setImmediate(() => this.#become('connected'));
  }

  send(): boolean {
    return this.state === 'connected';
  }

  close(): void {
    this.#become('closed');
  }

  #become(state: MediaPeerState): void {
    if (this.state === 'closed') return;
    this.state = state;
    this.onState?.(state);
  }
}
