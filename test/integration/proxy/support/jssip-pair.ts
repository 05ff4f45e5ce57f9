import { UA, type Socket } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import { WebSocket } from 'ws';

/** An RTCPeerConnection that has nothing but an SDP: these tests are about signalling. */
class PaperPeerConnection extends EventTarget {
  iceGatheringState = 'complete';
  iceConnectionState = 'connected';
  signalingState = 'stable';
  localDescription: { type: string; sdp: string } | undefined;

  createOffer() {
    return Promise.resolve({ type: 'offer', sdp: PAPER_SDP });
  }
  createAnswer() {
    return Promise.resolve({ type: 'answer', sdp: PAPER_SDP });
  }
  setLocalDescription(description: { type: string; sdp: string }) {
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    return Promise.resolve();
  }
  setRemoteDescription(description: { type: string }) {
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
    return Promise.resolve();
  }
  addTrack() {}
  getSenders() {
    return [];
  }
  close() {}
}

const PAPER_SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  'a=sendrecv',
  '',
].join('\r\n');

class PaperDescription {
  readonly type: string;
  readonly sdp: string;
  constructor({ type, sdp }: { type: string; sdp: string }) {
    this.type = type;
    this.sdp = sdp;
  }
}

Object.assign(globalThis, {
  window: globalThis,
  RTCPeerConnection: PaperPeerConnection,
  RTCSessionDescription: PaperDescription,
});

class TestSocket implements Socket {
  readonly url: string;
  readonly sip_uri: string;
  readonly via_transport = 'WS';
  readonly received: string[] = [];
  webSocket: WebSocket | undefined;
  onconnect(): void {}
  ondisconnect(_error: boolean, _code?: number, _reason?: string): void {}
  ondata(_message: unknown): void {}

  constructor(url: string) {
    this.url = url;
    this.sip_uri = `sip:${new URL(url).host};transport=ws`;
  }
  connect(): void {
    const webSocket = new WebSocket(this.url, 'sip');
    this.webSocket = webSocket;
    webSocket.on('open', () => this.onconnect());
    webSocket.on('message', (data: Buffer) => {
      const text = data.toString();
      this.received.push(text);
      this.ondata(text);
    });
    webSocket.on('error', () => {});
    webSocket.on('close', (code) => this.ondisconnect(code !== 1000, code, ''));
  }
  disconnect(): void {
    this.webSocket?.close(1000);
  }
  send(message: string): boolean {
    if (this.webSocket?.readyState !== WebSocket.OPEN) return false;
    this.webSocket.send(message);
    return true;
  }
  isConnected(): boolean {
    return this.webSocket?.readyState === WebSocket.OPEN;
  }
  isConnecting(): boolean {
    return this.webSocket?.readyState === WebSocket.CONNECTING;
  }
}

export interface TestAgent {
  readonly ua: UA;
  readonly socket: TestSocket;
  readonly sessions: RTCSession[];
  /** Resolves with the next session that arrives or is made. */
  nextSession(): Promise<RTCSession>;
}

export interface TestAgentOptions {
  readonly url: string;
  readonly user: string;
  readonly domain?: string;
  readonly password?: string;
}

/** A real JsSIP user agent, registered. */
export async function startAgent({
  url,
  user,
  domain = 'ringproof.local',
  password,
}: TestAgentOptions): Promise<TestAgent> {
  const socket = new TestSocket(url);
  const ua = new UA({
    sockets: [socket],
    uri: `sip:${user}@${domain}`,
    ...(password === undefined ? {} : { password }),
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 1,
  });
  const sessions: RTCSession[] = [];
  const waiting: ((session: RTCSession) => void)[] = [];
  ua.on('newRTCSession', ({ session }: { session: RTCSession }) => {
    sessions.push(session);
    waiting.shift()?.(session);
  });
  const registered = new Promise<void>((resolve, reject) => {
    ua.on('registered', () => resolve());
    ua.on('registrationFailed', ({ cause }: { cause?: unknown }) => reject(new Error(String(cause))));
  });
  ua.start();
  await registered;
  return {
    ua,
    socket,
    sessions,
    nextSession: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

const FAKE_STREAM = { getTracks: () => [], getAudioTracks: () => [], getVideoTracks: () => [] };

export function callOptions(): Parameters<UA['call']>[1] {
  return { mediaStream: FAKE_STREAM };
}

/** What a session tells, each at most once. */
export function eventOf<T = unknown>(session: RTCSession, name: string): Promise<T> {
  return new Promise((resolve) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JsSIP's overloads know no string
    (session as unknown as NodeJS.EventEmitter).once(name, resolve);
  });
}
