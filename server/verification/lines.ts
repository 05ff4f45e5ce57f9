import type { KeyTiming, Outcome, Verdict } from './call.ts';
import type { CallEnd, CallEvents, CallProgress, CallRequest, PlacedCall, Telephony } from './ports.ts';

export interface LineEvents extends CallEvents {
  /** Nobody will ever report the end of this call. */
  onLost(outcome: Outcome): void;
}

export interface LineStart {
  readonly events: LineEvents;
  readonly now: number;
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
  place(call: CallRequest, start: LineStart): void {
    const line = this.#begin(call.id, start);
    try {
      line.placed = this.#telephony.place(call, line);
    } catch (error) {
      this.#onError(error, 'placing a call');
      if (this.#lines.delete(call.id)) line.events.onLost('trunk-unavailable');
    }
  }

  /** A call that came in and is to be answered: gives what telephony has to tell of it. */
  take(callId: string, placed: PlacedCall, start: LineStart): CallEvents {
    const line = this.#begin(callId, start);
    line.placed = placed;
    return line;
  }

  tell(callId: string, verdict: Verdict): void {
    const line = this.#lines.get(callId);
    // The phone will hear how it ended as the answer to what came from it.
    if (line?.isAsking === false) line.placed?.tell(verdict);
  }

  hangUp(callId: string): void {
    this.#lines.get(callId)?.placed?.hangUp();
  }

  /** Hangs up every call that was placed before this time and waits for no report of its end. */
  giveUp(placedBefore: number, outcome: Outcome): void {
    for (const [callId, line] of this.#lines) {
      if (line.placedAt >= placedBefore) continue;
      this.#lines.delete(callId);
      line.placed?.hangUp();
      line.events.onLost(outcome);
    }
  }

  #begin(callId: string, start: LineStart): Line {
    const line = new Line(callId, this.#lines, start);
    this.#lines.set(callId, line);
    return line;
  }
}

/** One of them. A call that is given up, or has ended, is told of no more. */
class Line implements CallEvents {
  readonly events: LineEvents;
  readonly placedAt: number;
  placed?: PlacedCall;
  readonly #callId: string;
  readonly #lines: Map<string, Line>;
  /** How much that came from this call is being dealt with. */
  #asking = 0;

  constructor(callId: string, lines: Map<string, Line>, { events, now }: LineStart) {
    this.#callId = callId;
    this.#lines = lines;
    this.events = events;
    this.placedAt = now;
  }

  get isAsking(): boolean {
    return this.#asking > 0;
  }

  onProgress(progress: CallProgress): void {
    if (this.#lines.has(this.#callId)) this.events.onProgress(progress);
  }

  async onCode(code: string, keyTiming?: KeyTiming): Promise<Verdict> {
    return this.#answering(async () => this.events.onCode(code, keyTiming));
  }

  async onReport(): Promise<boolean> {
    return this.#answering(async () => this.events.onReport());
  }

  onEnded(end: CallEnd): void {
    if (this.#lines.delete(this.#callId)) this.events.onEnded(end);
  }

  async #answering<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    this.#asking += 1;
    try {
      return await ask();
    } finally {
      this.#asking -= 1;
    }
  }
}
