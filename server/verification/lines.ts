import type { Outcome, Verdict } from './call.ts';
import type { CallEvents, CallRequest, PlacedCall, Telephony } from './ports.ts';

interface Line {
  readonly placedAt: number;
  readonly events: LineEvents;
  placed?: PlacedCall;
  /** What came from this call and is being dealt with: the phone will hear how it ended as the answer to it. */
  asking: number;
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
    const line: Line = { placedAt: now, events, asking: 0 };
    this.#lines.set(call.id, line);
    try {
      line.placed = this.#telephony.place(call, this.#heardOf(call.id, line));
    } catch (error) {
      this.#onError(error, 'placing a call');
      this.#forget(call.id)?.events.onLost('trunk-unavailable');
    }
  }

  /** A call that came in and is to be answered: gives what telephony has to tell of it. */
  take(callId: string, placed: PlacedCall, { events, now }: { readonly events: LineEvents; readonly now: number }) {
    const line: Line = { placedAt: now, events, asking: 0, placed };
    this.#lines.set(callId, line);
    return this.#heardOf(callId, line);
  }

  tell(callId: string, verdict: Verdict): void {
    const line = this.#lines.get(callId);
    if (line?.asking === 0) line.placed?.tell(verdict);
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

  #heardOf(callId: string, line: Line): CallEvents {
    return {
      onProgress: (progress) => {
        if (this.#lines.has(callId)) line.events.onProgress(progress);
      },
      onCode: async (code, keyTiming) => answering(line, async () => line.events.onCode(code, keyTiming)),
      onReport: async () => answering(line, async () => line.events.onReport()),
      onEnded: (end) => this.#forget(callId)?.events.onEnded(end),
    };
  }

  #forget(callId: string): Line | undefined {
    const line = this.#lines.get(callId);
    this.#lines.delete(callId);
    return line;
  }
}

async function answering<Answer>(line: Line, ask: () => Promise<Answer>): Promise<Answer> {
  line.asking += 1;
  try {
    return await ask();
  } finally {
    line.asking -= 1;
  }
}
