import type { MediaEngine } from '../../sip-gateway/media/media-engine.ts';
import { readRtp, type RtpPacket } from '../../sip-gateway/media/rtp.ts';
import { CallMedia } from '../../sip-gateway/sip/call-media.ts';
import type { RTCSession } from '../../sip-gateway/sip/jssip.ts';
import { disconnect, loadOf, type UserAgentLoad } from '../../sip-gateway/sip/jssip-internals.ts';
import { NO_TRACKS } from '../../sip-gateway/sip/rtc-peer-connection.ts';
import { UserAgent } from '../../sip-gateway/sip/user-agent.ts';
import { WsSocket } from '../../sip-gateway/sip/ws-socket.ts';

/** A call as the phone has it. */
export interface PhoneCall {
  readonly session: RTCSession;
  readonly media: CallMedia;
  /** Audio and telephone-event packets, in order of arrival. */
  readonly packets: RtpPacket[];
  ended: boolean;
}

/** The far end of a call in a test: JsSIP and real media again, told what to do with each call. */
export class TestPhone {
  readonly userAgent: UserAgent;
  readonly calls: PhoneCall[] = [];
  /** What happens when it rings; by default it answers at once. */
  onRing: (call: PhoneCall) => void = (call) => this.answer(call);
  readonly #engine: MediaEngine;

  private constructor(url: string, name: string, engine: MediaEngine) {
    this.#engine = engine;
    this.userAgent = new UserAgent({
      sockets: [{ socket: new WsSocket(url), weight: 1 }],
      uri: `sip:${name}@example.test`,
      register: true,
    });
    this.userAgent.on('newRTCSession', ({ originator, session }) => {
      if (originator === 'remote') this.#ring(session);
    });
  }

  static async start(url: string, engine: MediaEngine, name = '1001'): Promise<TestPhone> {
    const phone = new TestPhone(url, name, engine);
    const registered = new Promise<void>((resolve) => {
      phone.userAgent.on('registered', () => resolve());
    });
    phone.userAgent.start();
    await registered;
    return phone;
  }

  get load(): UserAgentLoad {
    return loadOf(this.userAgent);
  }

  answer(call: PhoneCall): void {
    call.session.answer({ mediaStream: NO_TRACKS, pcConfig: { iceServers: [], media: call.media } });
  }

  /** The call that rings next. */
  async nextCall(): Promise<PhoneCall> {
    const ring = this.onRing;
    return new Promise((resolve) => {
      this.onRing = (call) => {
        this.onRing = ring;
        ring(call);
        resolve(call);
      };
    });
  }

  close(): void {
    for (const { session } of this.calls) if (!session.isEnded()) session.terminate();
    this.userAgent.stop();
    disconnect(this.userAgent);
  }

  /** Calls somebody; with the header fields of a gateway, where it is to look like one. */
  call(target: string, extraHeaders: readonly string[] = []): PhoneCall {
    const media = this.#newMedia();
    const session = this.userAgent.call(target, {
      mediaStream: NO_TRACKS,
      pcConfig: { iceServers: [], media },
      extraHeaders,
    });
    return this.#newCall(session, media);
  }

  #ring(session: RTCSession): void {
    const call = this.#newCall(session, this.#newMedia());
    // Not within the event: JsSIP has not sent its 180 yet.
    setImmediate(() => {
      if (!session.isEnded()) this.onRing(call);
    });
  }

  #newMedia(): CallMedia {
    return new CallMedia({
      engine: this.#engine,
      codecs: ['PCMU', 'PCMA'],
      dtlsSetup: 'active',
      address: '127.0.0.1',
    });
  }

  #newCall(session: RTCSession, media: CallMedia): PhoneCall {
    const call: PhoneCall = { session, media, packets: [], ended: false };
    media.onPacket = (bytes) => {
      const packet = readRtp(Buffer.from(bytes));
      if (packet) call.packets.push(packet);
    };
    const gone = (): void => {
      call.ended = true;
    };
    session.on('ended', gone);
    session.on('failed', gone);
    this.calls.push(call);
    return call;
  }
}
