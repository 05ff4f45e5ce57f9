import type { KeyWay } from '../../server/telephony/messages.ts';
import { KEY_GAP, KEY_HELD, keyFrames, keyInfo } from '../dtmf/key-frames.ts';
import type { Player } from '../media/player.ts';
import type { CallMedia } from '../sip/call-media.ts';
import type { RTCSession } from '../sip/jssip.ts';

export interface KeySenderOptions {
  readonly session: Pick<RTCSession, 'sendInfo' | 'isEnded'>;
  readonly media: Pick<CallMedia, 'negotiated'>;
  readonly player: Pick<Player, 'play'>;
  readonly onKeyed: (key: string, way: KeyWay) => void;
}

/** Presses keys one after the other, at the pace of a quick person. */
export class KeySender {
  readonly #options: KeySenderOptions;
  #last: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #closed = false;

  constructor(options: KeySenderOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the last of these keys has been let go, or the call is over. By INFO in place of RFC 4733 where the
   * other side knows no telephone-event.
   */
  press(keys: string, way: KeyWay): Promise<void> {
    this.#last = this.#pressAfter(this.#last, keys, way);
    return this.#last;
  }

  /** Lets go of a key that is held. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async #pressAfter(before: Promise<void>, keys: string, way: KeyWay): Promise<void> {
    await before;
    for (const key of keys) await this.#press(key, way);
  }

  async #press(key: string, wanted: KeyWay): Promise<void> {
    const { session, media, player, onKeyed } = this.#options;
    if (this.#closed || session.isEnded()) return;
    const { codec = 'PCMU', telephoneEvent } = media.negotiated ?? {};
    const way = wanted === 'rfc4733' && telephoneEvent === undefined ? 'info' : wanted;
    if (way !== 'info') {
      onKeyed(key, way);
      await this.#until((done) => player.play(keyFrames(key, way, codec), done));
      return;
    }
    try {
      session.sendInfo(...keyInfo(key));
    } catch {
      return; // JsSIP takes none before the call is answered; nobody would hear it either
    }
    onKeyed(key, 'info');
    let timer: NodeJS.Timeout | undefined;
    await this.#until((done) => (timer = setTimeout(done, KEY_HELD + KEY_GAP)));
    clearTimeout(timer);
  }

  async #until(begin: (done: () => void) => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      begin(resolve);
    });
    this.#wake = undefined;
  }
}
