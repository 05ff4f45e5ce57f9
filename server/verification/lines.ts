import type { Verdict } from './call.ts';
import type { CallEnd, CallEvents, CallRequest, PlacedCall, Telephony } from './ports.ts';

interface Line {
  readonly placedAt: number;
  readonly events: CallEvents;
  placed?: PlacedCall;
  /** A code of this call is being compared: the phone will get the verdict as the answer to it. */
  comparing: number;
}

const LOST_LINE: CallEnd = { outcome: 'trunk-unavailable', codeDelivered: false };

/** The calls that are up, by their id. */
export class Lines {
  readonly #telephony: Telephony;
  readonly #onError: (error: unknown, what: string) => void;
  readonly #lines = new Map<string, Line>();

  constructor(telephony: Telephony, onError: (error: unknown, what: string) => void) {
    this.#telephony = telephony;
    this.#onError = onError;
  }

  /** Never throws: a call that cannot even be tried has ended, and that is told like any other end. */
  place(call: CallRequest, events: CallEvents, now: number): void {
    const line: Line = { placedAt: now, events, comparing: 0 };
    this.#lines.set(call.id, line);
    try {
      line.placed = this.#telephony.place(call, {
        onProgress: (progress) => {
          if (this.#lines.has(call.id)) events.onProgress(progress);
        },
        onCode: async (code) => this.#compare(line, code),
        onEnded: (end) => this.#end(call.id, end),
      });
    } catch (error) {
      this.#onError(error, 'placing a call');
      this.#end(call.id, LOST_LINE);
    }
  }

  tell(callId: string, verdict: Verdict): void {
    const line = this.#lines.get(callId);
    if (line?.comparing === 0) line.placed?.tell(verdict);
  }

  hangUp(callId: string): void {
    this.#lines.get(callId)?.placed?.hangUp();
  }

  /** Gives up every call that was placed before this time and never reported an end. */
  giveUp(placedBefore: number, end: CallEnd = LOST_LINE): void {
    for (const [callId, line] of this.#lines) {
      if (line.placedAt >= placedBefore) continue;
      line.placed?.hangUp();
      this.#end(callId, end);
    }
  }

  async #compare(line: Line, code: string): Promise<Verdict> {
    line.comparing += 1;
    try {
      return await line.events.onCode(code);
    } finally {
      line.comparing -= 1;
    }
  }

  #end(callId: string, end: CallEnd): void {
    const line = this.#lines.get(callId);
    if (!line) return;
    this.#lines.delete(callId);
    line.events.onEnded(end);
  }
}
