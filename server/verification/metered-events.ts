import type { KeyTiming, Outcome, Verdict } from './call.ts';
import type { LineEvents } from './lines.ts';
import type { Admission, CalledPerson, CallEnd, CallProgress, Clock } from './ports.ts';

export interface MeteredCall extends CalledPerson {
  readonly callId: string;
  readonly events: LineEvents;
}

export interface Meter {
  readonly admission: Pick<Admission, 'ended'>;
  readonly now: Clock;
  /** Counts what was said of a code, and gives it back. */
  readonly counted: (whom: CalledPerson, verdict: Verdict) => Promise<Verdict>;
}

/** Tells the rules of what happens on a call, and the call's record of how long it lasted and what it cost. */
export class MeteredEvents implements LineEvents {
  readonly #call: MeteredCall;
  readonly #meter: Meter;
  #answeredAt: number | undefined;

  constructor(call: MeteredCall, meter: Meter) {
    this.#call = call;
    this.#meter = meter;
  }

  onProgress(progress: CallProgress): void {
    if (progress.state !== 'dialing' && progress.state !== 'ringing') this.#answeredAt ??= this.#meter.now();
    this.#call.events.onProgress(progress);
  }

  async onCode(code: string, keyTiming?: KeyTiming): Promise<Verdict> {
    return this.#meter.counted(this.#call, await this.#call.events.onCode(code, keyTiming));
  }

  async onReport(): Promise<boolean> {
    return this.#call.events.onReport();
  }

  onEnded(end: CallEnd): void {
    const { callId, events } = this.#call;
    const lasted = end.answeredMs ?? this.#answeredMs();
    const cost = this.#meter.admission.ended(callId, lasted);
    events.onEnded({ ...end, ...(lasted !== undefined && { answeredMs: lasted }), ...(cost && { cost }) });
  }

  onLost(outcome: Outcome): void {
    const { callId, events } = this.#call;
    this.#meter.admission.ended(callId, this.#answeredMs());
    events.onLost(outcome);
  }

  #answeredMs(): number | undefined {
    return this.#answeredAt === undefined ? undefined : Math.max(0, this.#meter.now() - this.#answeredAt);
  }
}
