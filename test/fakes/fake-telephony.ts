import type { KeyTiming, Outcome, Verdict } from '../../server/verification/call.ts';
import type { Caller } from '../../server/verification/caller.ts';
import type {
  CallEnd,
  CallEvents,
  CallProgress,
  CallRequest,
  CallRoute,
  IncomingDecision,
  PlacedCall,
  TakeIncoming,
  Telephony,
  TelephonyStatus,
  Voice,
} from '../../server/verification/ports.ts';
import { OUR_VOICES } from '../../server/verification/shared-words.ts';

/** A telephone whose far end is played by the test. */
export class FakeTelephony implements Telephony {
  readonly calls: FakeCall[] = [];
  voices: readonly Voice[] = OUR_VOICES;
  current: TelephonyStatus = { ready: true };
  #take: TakeIncoming = async () => ({ take: false, status: 603 });
  #cameIn = 0;

  /** What was asked for each call. */
  readonly routes: CallRoute[] = [];

  status(route?: CallRoute): TelephonyStatus {
    if (route) this.routes.push(route);
    return this.current;
  }

  place(request: CallRequest, events: CallEvents): PlacedCall {
    const call = new FakeCall(request, events);
    this.calls.push(call);
    return call;
  }

  listen(take: TakeIncoming): void {
    this.#take = take;
  }

  /** Somebody calls: what is decided, and the call if it is taken. */
  async call(caller: Partial<Caller> = {}): Promise<{ decision: IncomingDecision; call: FakeCall }> {
    this.#cameIn += 1;
    const id = `incoming-${this.#cameIn}`;
    let call: FakeCall | undefined;
    const line: PlacedCall = { tell: (verdict) => call?.tell(verdict), hangUp: () => call?.hangUp() };
    const decision = await this.#take({ id, caller: { evidence: { source: 'from' }, ...caller } }, line);
    const refused = { id, to: '', method: 'dial-in', locale: '', codeLength: 0, gateDigits: 0 } as const;
    const deaf: CallEvents = {
      onProgress: () => {},
      onCode: async () => 'failed',
      onReport: async () => false,
      onEnded: () => {},
    };
    call = new FakeCall(decision.take ? decision.call : refused, decision.take ? decision.events : deaf);
    this.calls.push(call);
    return { decision, call };
  }

  async close(): Promise<void> {
    this.current = { ready: false, reason: 'closed', detail: 'closed by the test' };
    for (const call of this.calls) call.end('canceled');
  }

  /** The call placed last. */
  get last(): FakeCall {
    const call = this.calls.at(-1);
    if (!call) throw new Error('No call was placed');
    return call;
  }
}

export class FakeCall implements PlacedCall {
  readonly request: CallRequest;
  /** What the phone holder was told, in order. */
  readonly told: Verdict[] = [];
  hungUp = false;
  readonly #events: CallEvents;
  #ended = false;

  constructor(request: CallRequest, events: CallEvents) {
    this.request = request;
    this.#events = events;
  }

  tell(verdict: Verdict): void {
    if (!this.#ended) this.told.push(verdict);
  }

  /** As a real one: a call that is hung up ends as canceled. */
  hangUp(): void {
    if (this.#ended) return;
    this.hungUp = true;
    this.end('canceled');
  }

  progress(state: CallProgress['state'], more: number | Omit<CallProgress, 'state'> = {}): void {
    this.#events.onProgress({ state, ...(typeof more === 'number' ? { keys: more } : more) });
  }

  /** The transaction has been said to its end, and the call goes on. */
  transactionSpoken(state: 'gate' | 'speaking' | 'collecting'): void {
    this.#events.onProgress({ state, transactionSpoken: true });
  }

  /** The phone holder keys a whole code; the verdict is told on the phone, as the voice server does. */
  async key(code: string, keyTiming?: KeyTiming): Promise<Verdict> {
    const verdict = await this.#events.onCode(code, keyTiming);
    this.tell(verdict);
    return verdict;
  }

  /** The phone holder says that nobody asked for this call; whether the number is on the list then. */
  async report(): Promise<boolean> {
    return this.#events.onReport();
  }

  end(outcome: Outcome, details: Partial<Omit<CallEnd, 'outcome'>> = {}): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.onEnded({ outcome, codeDelivered: false, ...details });
  }

  /** An event that comes after the end, as a voice server with a fault might send. */
  endAgain(outcome: Outcome): void {
    this.#events.onEnded({ outcome, codeDelivered: false });
  }
}
