import type { KeyWay } from '../../server/telephony/messages.ts';
import type { Agent, AgentCall, AgentCallEnd } from '../agent/agent.ts';
import { createKeyEar, type InfoRequest, type KeyEar } from '../dtmf/key-ear.ts';
import { readInfoBody } from '../dtmf/info-body.ts';
import { createPlayer, type Player } from '../media/player.ts';
import { readRtp } from '../media/rtp.ts';
import { createPromptRecogniser, type PromptRecogniser } from '../phone/prompt-recogniser.ts';
import type { Utterance } from '../prompts/prompt-name.ts';
import { utteranceFrames } from '../prompts/utterance-frames.ts';
import { StreamMeter } from './stream-figures.ts';
import type { TrunkTest, TrunkTestOptions } from './trunk-test-types.ts';

/** Each way on its own: what one tells must not hide what another does. */
const WAYS = ['info', 'rfc4733', 'in-band'] as const satisfies readonly KeyWay[];
const TEST: Utterance = ['trunk-test'];
const FAREWELL: Utterance = ['goodbye'];
/** Milliseconds: for the first key after the prompt, and after a key for the next one and for other ways to tell of it. */
const KEY_PATIENCE = { firstKey: 12_000, nextKey: 3_000 };

/** A call that asks for keys, and listens for everything that can come back. */
export class TestCall {
  readonly #options: TrunkTestOptions;
  readonly #ears: Readonly<Record<KeyWay, KeyEar>>;
  readonly #keys: Record<KeyWay, string> = { info: '', rfc4733: '', 'in-band': '' };
  readonly #infoTypes = new Set<string>();
  readonly #meter = new StreamMeter();
  readonly #recogniser: PromptRecogniser;
  readonly #stop = (): void => this.#line?.hangUp('canceled');
  #line: AgentCall | undefined;
  #player: Player | undefined;
  #waiting: NodeJS.Timeout | undefined;
  #isSaying = true;
  #echo = false;
  #sentPackets = 0;
  #times: Pick<TrunkTest, 'ringingMs' | 'answerMs' | 'mediaMs'> = {};
  #end: AgentCallEnd | undefined;

  constructor(options: TrunkTestOptions) {
    this.#options = options;
    const { now, pack } = options;
    this.#recogniser = createPromptRecogniser({ packs: [pack] });
    const ear = (way: KeyWay): KeyEar =>
      createKeyEar({ dtmf: [way], now, onPacketsNeeded: () => {}, onKey: (key) => this.#heard(key, way) });
    this.#ears = { info: ear('info'), rfc4733: ear('rfc4733'), 'in-band': ear('in-band') };
  }

  /** Resolves when the call is over. */
  async place(agent: Pick<Agent, 'place'>): Promise<void> {
    const { to, now, stop } = this.#options;
    const placedAt = now();
    let answeredAt = placedAt;
    await new Promise<void>((resolve) => {
      this.#line = agent.place(to, {
        onRinging: () => (this.#times = { ...this.#times, ringingMs: now() - placedAt }),
        onAnswered: () => {
          answeredAt = now();
          this.#times = { ...this.#times, answerMs: answeredAt - placedAt };
        },
        onMedia: () => {
          this.#times = { ...this.#times, mediaMs: now() - answeredAt };
          this.#begin();
        },
        onInfo: (info) => this.#hearInfo(info),
        onEnded: (end) => {
          this.#end = end;
          this.close();
          resolve();
        },
      });
      stop?.addEventListener('abort', this.#stop, { once: true });
    });
  }

  findings(): Omit<TrunkTest, 'status'> {
    const codec = this.#line?.media.negotiated?.codec;
    return {
      ...(this.#end && { outcome: this.#end.outcome }),
      ...(this.#end?.sipStatus !== undefined && { sipStatus: this.#end.sipStatus }),
      ...this.#times,
      ...(codec !== undefined && { codec }),
      sentPackets: this.#sentPackets,
      received: this.#meter.figures,
      echo: this.#echo,
      keys: { ...this.#keys },
      infoTypes: [...this.#infoTypes],
    };
  }

  /** Harmless when called twice. */
  close(): void {
    clearTimeout(this.#waiting);
    this.#player?.close();
    this.#options.stop?.removeEventListener('abort', this.#stop);
  }

  #begin(): void {
    const media = this.#line?.media;
    const audio = media?.negotiated;
    if (!media || !audio) return;
    for (const way of WAYS) this.#ears[way].open(audio);
    media.onPacket = (packet) => this.#hearPacket(packet);
    const send = (packet: Uint8Array): boolean => {
      const isSent = media.send(packet);
      if (isSent) this.#sentPackets += 1;
      return isSent;
    };
    const { stream } = media;
    const line = {
      stream,
      send,
      get state() {
        return media.state;
      },
      get negotiated() {
        return media.negotiated;
      },
    };
    this.#player = createPlayer(line, this.#options.pacer);
    this.#say(TEST, () => {
      this.#isSaying = false;
      this.#waitForKeys();
    });
  }

  #say(utterance: Utterance, then: () => void): void {
    const codec = this.#line?.media.negotiated?.codec ?? 'PCMU';
    this.#player?.play([...utteranceFrames(this.#options.pack, utterance, codec)], then);
  }

  #hearInfo(info: InfoRequest): void {
    if (readInfoBody(info.contentType, info.body)) this.#infoTypes.add(info.contentType.split(';', 1)[0]?.trim() ?? '');
    this.#ears.info.info(info);
  }

  #hearPacket(bytes: Uint8Array): void {
    const audio = this.#line?.media.negotiated;
    const packet = readRtp(bytes);
    if (!audio || !packet) return;
    this.#meter.packet(bytes, audio, this.#options.now());
    this.#ears.rfc4733.packet(bytes);
    this.#ears['in-band'].packet(bytes);
    if (packet.payloadType !== audio.payloadType) return;
    this.#echo ||= this.#recogniser.packet(packet, audio.codec).some(({ type }) => type === 'ended');
  }

  #heard(key: string, way: KeyWay): void {
    this.#keys[way] += key;
    if (!this.#isSaying) this.#waitForKeys();
  }

  #waitForKeys(): void {
    const { firstKey, nextKey } = this.#options.patience ?? KEY_PATIENCE;
    const most = Math.max(...WAYS.map((way) => this.#keys[way].length));
    clearTimeout(this.#waiting);
    // Also after the last one: another way may still tell of it.
    this.#waiting = setTimeout(() => this.#finish(), most === 0 ? firstKey : nextKey);
  }

  #finish(): void {
    this.#isSaying = true;
    this.#say(FAREWELL, () => this.#line?.hangUp('completed'));
  }
}
