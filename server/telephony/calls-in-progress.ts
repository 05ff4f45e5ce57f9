import type { KeyTiming } from '../verification/call.ts';
import type { CallEnd, CallEvents, CallProgress, CallRequest } from '../verification/ports.ts';

type Report = (error: unknown, what: string) => void;

interface Call {
  readonly method: CallRequest['method'];
  readonly events: CallEvents;
  readonly watchdog: NodeJS.Timeout;
  state: CallProgress['state'];
  codeKeyed: boolean;
}

/** Calls that have not ended yet. Whatever happens, each ends exactly once, and a listener's bug reaches nobody. */
export class CallsInProgress {
  readonly #calls = new Map<string, Call>();
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** `onOverdue` is told when the call has not ended after `longest` milliseconds; the call has then been ended. */
  add(call: CallRequest, events: CallEvents, { longest, onOverdue }: { longest: number; onOverdue: () => void }): void {
    const watchdog = setTimeout(() => {
      this.endLost(call.id);
      onOverdue();
    }, longest).unref();
    this.#calls.set(call.id, { method: call.method, events, watchdog, state: 'dialing', codeKeyed: false });
  }

  has(callId: string): boolean {
    return this.#calls.has(callId);
  }

  get ids(): readonly string[] {
    return [...this.#calls.keys()];
  }

  progress(callId: string, progress: CallProgress): void {
    const call = this.#calls.get(callId);
    if (!call) return;
    call.state = progress.state;
    this.#guard('telling of progress', () => call.events.onProgress(progress));
  }

  /** The verdict on a keyed code; `failed` where nobody can tell. */
  async code(callId: string, code: string, keyTiming?: KeyTiming) {
    const call = this.#calls.get(callId);
    if (!call) return 'failed';
    call.codeKeyed = true;
    try {
      return await call.events.onCode(code, keyTiming);
    } catch (error) {
      this.#report(error, 'asking for a verdict');
      return 'failed';
    }
  }

  /** Whether the number of this call will never be called again. */
  async report(callId: string): Promise<boolean> {
    try {
      return (await this.#calls.get(callId)?.events.onReport()) === true;
    } catch (error) {
      this.#report(error, 'taking a report');
      return false;
    }
  }

  end(callId: string, end: CallEnd): void {
    const call = this.#calls.get(callId);
    if (!call) return;
    this.#calls.delete(callId);
    clearTimeout(call.watchdog);
    this.#guard('telling of an end', () => call.events.onEnded(end));
  }

  /** Ends a call that whoever made it can no longer tell about. */
  endLost(callId: string): void {
    const call = this.#calls.get(callId);
    if (!call) return;
    const answered = call.state !== 'dialing' && call.state !== 'ringing';
    // A spoken code may have been heard already; what was heard is still good.
    const mayHaveHeard = call.method === 'spoken' && (call.state === 'speaking' || call.state === 'verdict');
    this.end(callId, {
      outcome: answered ? 'media-failed' : 'trunk-unavailable',
      codeDelivered: mayHaveHeard || call.codeKeyed,
    });
  }

  #guard(what: string, tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#report(error, what);
    }
  }
}
