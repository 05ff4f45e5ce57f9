import type { CallMedia } from '../sip/call-media.ts';
import type { RTCSession } from '../sip/jssip.ts';

export interface MediaMenderOptions {
  readonly media: CallMedia;
  /** Milliseconds without media, mending included. */
  readonly limit: number;
  readonly session: () => RTCSession | undefined;
  /** Media flow. Once. */
  readonly onUp: () => void;
  /** They do not flow, or no more, and cannot be brought back. */
  readonly onFailed: () => void;
}

/** Media that fails while people talk often means that they hang up: their BYE is given this long, milliseconds. */
const BYE_GRACE = 1_500;
/**
 * Until the next fresh peer, milliseconds: at once for the first, since nobody has said hello twice yet. On a busy
 * machine the race is lost in bursts, and a burst passes. After the last the other side cannot be reached.
 */
const MENDS_AFTER = [0, 0, 50, 100, 200, 400, 800] as const;
/** JsSIP refuses a re-INVITE while another is under way. */
const REINVITE_RETRY = 100;

/**
 * Brings the media of an answered call up, and up again when they fail, whoever called whom.
 *
 *   waiting ─▶ answered ─▶ up ⇄ (lost, mending)
 *      └──────────┴────────┴────▶ closed
 */
export class MediaMender {
  readonly #options: MediaMenderOptions;
  #phase: 'waiting' | 'answered' | 'up' | 'closed' = 'waiting';
  /** Since media last flowed. */
  #mends = 0;
  #limit: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout | undefined;

  constructor(options: MediaMenderOptions) {
    this.#options = options;
    options.media.onState = (state) => {
      if (state === 'connected') this.#onConnected();
      if (state === 'lost') this.#onLost();
    };
  }

  /** The call was answered: from now on media is expected. */
  answered(): void {
    if (this.#phase !== 'waiting') return;
    this.#phase = 'answered';
    this.#limitMedia();
    const { state } = this.#options.media;
    if (state === 'connected') this.#onConnected();
    if (state === 'lost') this.#mend();
  }

  /** Harmless when called twice. */
  close(): void {
    this.#phase = 'closed';
    clearTimeout(this.#limit);
    clearTimeout(this.#later);
  }

  #onConnected(): void {
    if (this.#phase !== 'answered' && this.#phase !== 'up') return;
    clearTimeout(this.#limit);
    clearTimeout(this.#later);
    this.#mends = 0;
    if (this.#phase === 'up') return;
    this.#phase = 'up';
    this.#options.onUp();
  }

  #onLost(): void {
    if (this.#phase === 'answered') this.#mend();
    if (this.#phase !== 'up') return; // before the answer it waits for it
    this.#limitMedia();
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#mend(), BYE_GRACE);
  }

  #limitMedia(): void {
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => this.#options.onFailed(), this.#options.limit);
  }

  /**
   * A fresh peer behind the same session and a re-INVITE: about 0.1 s. libdatachannel loses a handshake of
   * some hundred (field notes §8), and a 200 may describe another place than the 183 before it did.
   */
  #mend(): void {
    if (this.#phase === 'closed') return;
    const after = MENDS_AFTER[this.#mends];
    this.#mends += 1;
    clearTimeout(this.#later);
    if (after === undefined) this.#options.onFailed();
    else this.#later = setTimeout(() => this.#reinvite(), after);
  }

  #reinvite(): void {
    const session = this.#options.session();
    if (this.#phase === 'closed' || session?.isEnded() !== false) return;
    // In turns in our role and in the other: which of the two loses the race depends on the machine and its load.
    this.#options.media.renew(this.#mends % 2 === 0 ? 'actpass' : undefined);
    if (session.renegotiate()) return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#reinvite(), REINVITE_RETRY);
  }
}
