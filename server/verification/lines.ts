import type { Outcome, Verdict } from './call.ts';
import type { CallEvents, CallRequest, PlacedCall, Telephony } from './ports.ts';

interface Line {
  readonly placedAt: number;
  readonly events: LineEvents;
  placed?: PlacedCall;
  /** A code of this call is being compared: the phone will get the verdict as the answer to it. */
  comparing: number;
}

export interface LineEvents extends CallEvents {
  /** Nobody will ever report the end of this call. */
  onLost(outcome: Outcome): void;
}

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
  place(call: CallRequest, events: LineEvents, now: number): void {
    const line: Line = { placedAt: now, events, comparing: 0 };
    this.#lines.set(call.id, line);
    try {
      line.placed = this.#telephony.place(call, {
        onProgress: (progress) => {
          if (this.#lines.has(call.id)) events.onProgress(progress);
        },
        onCode: async (code) => this.#compare(line, code),
        onEnded: (end) => this.#forget(call.id)?.events.onEnded(end),
      });
    } catch (error) {
      this.#onError(error, 'placing a call');
      this.#forget(call.id)?.events.onLost('trunk-unavailable');
    }
  }

  tell(callId: string, verdict: Verdict): void {
    const line = this.#lines.get(callId);
    if (line?.comparing === 0) line.placed?.tell(verdict);
  }

  hangUp(callId: string): void {
    this.#lines.get(callId)?.placed?.hangUp();
  }

  /** Hangs up every call that was placed before this time and waits for no report of its end. */
  giveUp(placedBefore: number, outcome: Outcome): void {
    for (const [callId, line] of this.#lines) {
      if (line.placedAt >= placedBefore) continue;
      this.#forget(callId);
      line.placed?.hangUp();
      line.events.onLost(outcome);
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

  #forget(callId: string): Line | undefined {
    const line = this.#lines.get(callId);
    this.#lines.delete(callId);
    return line;
  }
}
