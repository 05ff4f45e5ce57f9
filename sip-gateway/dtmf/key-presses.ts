import type { KeyWay } from '../../server/telephony/messages.ts';
import type { Key } from '../scripts/call-script.ts';

/**
 * How late one way may tell of a press after another has: an INFO that a hop over UDP had to send three times
 * comes 1.5 s after the first (RFC 3261 §17.1.2, T1 500 ms). Milliseconds.
 */
const SKEW_MS = 2000;
/**
 * RFC 4733 and tones share the way of the packets, so little lies between them: what a gateway needs to know a tone,
 * and a jitter buffer. A short time, or a tone that nobody pressed would take the next real press for its own.
 */
const SKEW_IN_MEDIA_MS = 500;

/** One press of one key, as it was told in one way or in several. */
export interface Press {
  readonly key: Key;
  readonly heardBy: ReadonlySet<KeyWay>;
  /** The last we heard of it; it moves on while the key is held. */
  until: number;
}

interface Told extends Press {
  readonly heardBy: Set<KeyWay>;
}

/**
 * Finds out which reports are of one press. Between ways the n-th press of a key in one is the n-th press of that
 * key in the other: a report is matched with the oldest press of the same key that its way has not told of yet, and
 * only where there is none is it a new press. So an INFO at the end of a key held for two seconds finds its press, and
 * "11" keyed 100 ms apart stays two, in all ways at once too, and where one way took both for one.
 *
 * A press can be matched until the skew of the two ways after the last that was heard of it. Two limits follow: a
 * second way that lags by more doubles the digit; and where each of two ways loses another one of two equal presses
 * within that time, one digit is missing.
 */
export class KeyPresses {
  #presses: readonly Told[] = [];

  /** The press that this report is of; `isNew` where it is the first of it. */
  hear(key: Key, way: KeyWay, now: number): { readonly press: Press; readonly isNew: boolean } {
    this.#presses = this.#presses.filter((press) => now - press.until <= SKEW_MS);
    const told = this.#presses.find(
      (press) => press.key === key && !press.heardBy.has(way) && now - press.until <= skewOf(press, way),
    );
    if (told) {
      told.heardBy.add(way);
      return { press: told, isNew: false };
    }
    const press: Told = { key, heardBy: new Set([way]), until: now };
    this.#presses = [...this.#presses, press];
    return { press, isNew: true };
  }
}

function skewOf({ heardBy }: Press, way: KeyWay): number {
  return way === 'info' || heardBy.has('info') ? SKEW_MS : SKEW_IN_MEDIA_MS;
}
