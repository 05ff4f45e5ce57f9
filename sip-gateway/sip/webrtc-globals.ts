import { RtcPeerConnection } from './rtc-peer-connection.ts';

/** A plain pair: JsSIP makes one for every remote SDP and hands it back to us. */
class SessionDescription {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  constructor(init: { readonly type: 'offer' | 'answer'; readonly sdp: string }) {
    this.type = init.type;
    this.sdp = init.sdp;
  }
}

/**
 * The only place that touches `globalThis`. JsSIP looks for `window.RTCPeerConnection` before each call and makes
 * both classes by their global names (field notes §1.2). `window` gets nothing else, since other libraries take
 * its presence for a browser.
 */
export function installWebRtcGlobals(): void {
  Object.assign(globalThis, {
    RTCPeerConnection: RtcPeerConnection,
    RTCSessionDescription: SessionDescription,
    window: { RTCPeerConnection: RtcPeerConnection },
  });
}
