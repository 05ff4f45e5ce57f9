import type { KeyWay } from '../../server/telephony/messages.ts';
import type { Pacer } from '../media/pacer.ts';
import { createPlayer, type Player } from '../media/player.ts';
import { readRtp } from '../media/rtp.ts';
import type { PromptPack } from '../prompts/prompt-pack.ts';
import type { CallMedia } from '../sip/call-media.ts';
import type { EndEvent, RTCSession } from '../sip/jssip.ts';
import { NO_TRACKS } from '../sip/rtc-peer-connection.ts';
import type { HeardPrompt } from './heard-prompt.ts';
import { KeySender } from './key-sender.ts';
import { Listener, type Understood } from './listener.ts';
import type { PhoneCallEnd, PhoneHappening } from './phone-event.ts';
import { Switchboard } from './switchboard.ts';
import { createPromptRecogniser, type PromptEvent } from './prompt-recogniser.ts';

/** How a tester's phone behaves in a call. */
export interface PhoneManner {
  readonly onRing: 'answer' | 'busy' | 'reject' | 'ignore';
  /** Milliseconds. */
  readonly answerAfter: number;
  /** Milliseconds from the answer. */
  readonly hangUpAfter?: number;
  /** Press each digit that the gate asks for. */
  readonly passGate: boolean;
  /** Press the key that says that nobody here asked for the call, in place of the gate's. */
  readonly saysNotMe?: boolean;
  /** A switchboard answers, and the phone is behind it: it rings for `answerAfter` once these keys came. */
  readonly extension?: string;
  /** What to key when the phone is asked to enter a code, by how often it was asked; nothing for undefined. */
  readonly codeFor?: (time: number) => string | undefined | Promise<string | undefined>;
  readonly keyWay: KeyWay;
  /** The ways in which it keys what the test call of a trunk asks for, one after the other. */
  readonly testWays: readonly KeyWay[];
  /** Digits of a code, where that is known: a spoken one is then told with its last digit. */
  readonly codeLength?: number;
}

export interface PhoneCallOptions {
  readonly number: number;
  readonly session: RTCSession;
  readonly media: CallMedia;
  readonly pacer: Pacer;
  readonly packs: readonly PromptPack[];
  readonly manner: PhoneManner;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onHappening: (call: PhoneCall, happening: PhoneHappening) => void;
}

/** Longer than the silences between two digits of a spoken code, 0.9 s, and between two groups, 1.4 s, with a digit that was not recognised. */
const CODE_IS_OVER = 3_000;

/** One call that came in on a tester's phone: rings, answers with real media, listens, keys. */
export class PhoneCall {
  readonly number: number;
  readonly #options: PhoneCallOptions;
  readonly #media: CallMedia;
  readonly #listener: Listener;
  readonly #heard: HeardPrompt[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #recogniser: ReturnType<typeof createPromptRecogniser>;
  #player: Player | undefined;
  #keys: KeySender | undefined;
  #switchboard: Switchboard | undefined;
  #codeTimer: NodeJS.Timeout | undefined;
  #answeredAt: number | undefined;
  #firstPacketAt: number | undefined;
  #packets = 0;
  #declined: 'busy' | 'rejected' | undefined;
  #end: PhoneCallEnd | undefined;

  constructor(options: PhoneCallOptions) {
    this.#options = options;
    this.number = options.number;
    const { session, manner } = options;
    this.#listener = new Listener(manner.codeLength);
    this.#media = options.media;
    this.#recogniser = createPromptRecogniser({ packs: options.packs });
    session.on('ended', (event) => this.#over(event));
    session.on('failed', (event) => this.#over(event));
  }

  /** Every prompt heard so far, in order; also those that were cut off. Times since the answer. */
  get heard(): readonly HeardPrompt[] {
    return this.#heard;
  }

  get answeredAt(): number | undefined {
    return this.#answeredAt;
  }

  /** RTP packets of audio that arrived. */
  get packets(): number {
    return this.#packets;
  }

  get end(): PhoneCallEnd | undefined {
    return this.#end;
  }

  /** Behaves as its manner says; called once, when the call has come in. */
  ring(): void {
    const { session, manner } = this.#options;
    const { user } = session.remote_identity.uri;
    this.#tell({ type: 'ringing', from: user ?? session.remote_identity.uri.toString() });
    const { onRing } = manner;
    if (onRing === 'ignore') return;
    this.#after(manner.answerAfter, () => (onRing === 'answer' ? this.answer() : this.#decline(onRing)));
  }

  /** The phone has called this number; called once, in place of `ring`. */
  dialed(to: string): void {
    const { session } = this.#options;
    this.#tell({ type: 'calling', to });
    this.#media.onPacket = (packet) => this.#listen(packet);
    session.on('confirmed', () => this.#answered());
  }

  answer(): void {
    const { session } = this.#options;
    if (this.#end || this.#answeredAt !== undefined || session.isEnded()) return;
    this.#media.onPacket = (packet) => this.#listen(packet);
    session.answer({ mediaStream: NO_TRACKS, pcConfig: { media: this.#media } });
    this.#answered();
  }

  #answered(): void {
    if (this.#answeredAt !== undefined) return;
    const { session, manner, now, pacer } = this.#options;
    this.#answeredAt = now();
    this.#player = createPlayer(this.#media, pacer);
    this.#keys = new KeySender({
      session,
      media: this.#media,
      player: this.#player,
      onKeyed: (key, way) => this.#tell({ type: 'keyed', key, way }),
    });
    this.#tell({ type: 'answered' });
    const { extension } = manner;
    if (extension !== undefined) {
      const onPutThrough = (): void => this.#ringInside(extension);
      this.#switchboard = new Switchboard({ session, extension, now, onPutThrough });
    }
    if (manner.hangUpAfter !== undefined) this.#after(manner.hangUpAfter, () => this.hangUp());
  }

  #ringInside(extension: string): void {
    this.#tell({ type: 'put-through', extension });
    this.#after(this.#options.manner.answerAfter, () => {
      this.#switchboard = undefined;
      this.#tell({ type: 'picked-up' });
    });
  }

  /** Resolves when the last key has been let go; nothing before the answer. */
  async key(keys: string, way = this.#options.manner.keyWay): Promise<void> {
    await this.#keys?.press(keys, way);
  }

  /** Harmless once the call is over. While it rings, it is rejected. */
  hangUp(): void {
    if (this.#end || this.#options.session.isEnded()) return;
    if (this.#answeredAt === undefined) this.#decline('reject');
    else this.#options.session.terminate();
  }

  #decline(how: 'busy' | 'reject'): void {
    if (this.#end || this.#options.session.isEnded()) return;
    this.#declined = how === 'busy' ? 'busy' : 'rejected';
    this.#options.session.terminate({ status_code: how === 'busy' ? 486 : 603 });
  }

  #listen(bytes: Uint8Array): void {
    const { negotiated } = this.#media;
    if (this.#switchboard) {
      if (negotiated) this.#switchboard.packet(bytes, negotiated);
      return;
    }
    const packet = readRtp(bytes);
    if (!packet || !negotiated || packet.payloadType !== negotiated.payloadType) return;
    this.#packets += 1;
    this.#firstPacketAt ??= this.#options.now();
    this.#report(this.#recogniser.packet(packet, negotiated.codec));
  }

  #report(events: readonly PromptEvent[]): void {
    if (events.length === 0) return;
    const offset = (this.#firstPacketAt ?? 0) - (this.#answeredAt ?? 0);
    for (const event of events) {
      const { prompt, locale } = event;
      if (event.type === 'started') {
        this.#understand(this.#listener.begin(prompt));
        this.#tell({ type: 'hearing', prompt, locale });
        continue;
      }
      const startMs = Math.round(offset + event.startMs);
      const endMs = Math.round(offset + event.endMs);
      const heard = { prompt, locale, startMs, endMs, complete: event.complete };
      this.#heard.push(heard);
      this.#tell({ type: 'heard', ...heard });
      if (event.complete) this.#understand(this.#listener.hear(prompt));
    }
    clearTimeout(this.#codeTimer);
    if (this.#end || !this.#listener.isHearingCode) return;
    this.#codeTimer = setTimeout(() => this.#understand(this.#listener.pause()), CODE_IS_OVER);
  }

  #understand(things: readonly Understood[]): void {
    for (const thing of things) {
      this.#tell(thing);
      void this.#answerTo(thing);
    }
  }

  async #answerTo(thing: Understood): Promise<void> {
    const { passGate, saysNotMe = false, codeFor, testWays } = this.#options.manner;
    if (thing.type === 'gate' && passGate && !saysNotMe) await this.key(thing.digit);
    if (thing.type === 'report-key' && saysNotMe) await this.key(thing.digit);
    if (thing.type === 'asked') await this.key((await codeFor?.(thing.time)) ?? '');
    if (thing.type === 'test') for (const way of testWays) await this.key(thing.keys, way);
  }

  #over({ originator, cause }: EndEvent): void {
    if (this.#end) return;
    // Of a code that was being read out nobody knows whether this was all of it.
    this.#report(this.#recogniser.end());
    this.#end = this.#declined ?? endOf(originator, cause, this.#answeredAt !== undefined);
    this.#tell({ type: 'ended', end: this.#end, cause });
    this.#keys?.close();
    this.#player?.close();
    this.#media.close();
    clearTimeout(this.#codeTimer);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #after(ms: number, body: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      body();
    }, ms);
    this.#timers.add(timer);
  }

  #tell(happening: PhoneHappening): void {
    this.#options.onHappening(this, happening);
  }
}

function endOf(originator: EndEvent['originator'], cause: string, wasAnswered: boolean): PhoneCallEnd {
  if (cause === 'Canceled' && !wasAnswered) return 'canceled';
  if (cause !== 'Terminated') return 'failed';
  return originator === 'remote' ? 'caller-hung-up' : 'phone-hung-up';
}
