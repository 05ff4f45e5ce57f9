import type { Dialog } from '../sip/jssip.ts';

/** After this long a gateway has ended the call by itself; milliseconds. */
const WORTH_SENDING = 120_000;

/**
 * BYEs that could not be sent because the WebSocket was down. JsSIP forgets them, and the phone holder would
 * sit on a line that nobody speaks on until the gateway gives up (field notes §1.4).
 */
export class LateByes {
  readonly #parked = new Map<Dialog, NodeJS.Timeout>();

  get size(): number {
    return this.#parked.size;
  }

  park(dialog: Dialog): void {
    if (this.#parked.has(dialog)) return;
    const limit = setTimeout(() => this.#parked.delete(dialog), WORTH_SENDING);
    limit.unref();
    this.#parked.set(dialog, limit);
  }

  /** To be called when the trunk can be reached again. */
  send(): void {
    const dialogs = [...this.#parked.keys()];
    this.close();
    for (const dialog of dialogs) {
      dialog.sendRequest('BYE', { eventHandlers: { onTransportError: () => this.park(dialog) } });
    }
  }

  close(): void {
    for (const limit of this.#parked.values()) clearTimeout(limit);
    this.#parked.clear();
  }
}
