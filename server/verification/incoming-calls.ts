import type { Admissions } from './admissions.ts';
import { isRefused, type Caller } from './caller.ts';
import { VerificationError } from './errors.ts';
import type { LineEvents, Lines } from './lines.ts';
import type { NumberPlan } from './phone-number.ts';
import type {
  CallEvents,
  CallRequest,
  Clock,
  DialInWords,
  IncomingCall,
  IncomingDecision,
  PlacedCall,
  VerificationStore,
} from './ports.ts';
import type { Decision, Records } from './records.ts';
import type { DialInOptions, IncomingResult } from './service.ts';
import { isAwaited, isFinal, type CallRecord, type Verification } from './verification.ts';

export interface IncomingCallsDeps {
  readonly dialIn: DialInOptions | undefined;
  /** As in CallRequest. */
  readonly reportKey: string | undefined;
  readonly store: VerificationStore;
  readonly numbers: NumberPlan;
  readonly now: Clock;
  readonly records: Records;
  readonly lines: Lines;
  /** Writes what happens on the call of this verification into it. */
  readonly eventsOf: (verification: Verification) => LineEvents;
  readonly admissions: Admissions;
  readonly onError: (error: unknown, what: string) => void;
}

const DECLINED: IncomingDecision = { take: false, status: 603 };
const BUSY: IncomingDecision = { take: false, status: 486 };

/**
 * Decides about each call that comes in. Its number says which verification it belongs to, and no more than that:
 * anyone can write any number into a call, so that the code has to be right as well (docs/adr/0015).
 */
export class IncomingCalls {
  readonly #deps: IncomingCallsDeps;

  constructor(deps: IncomingCallsDeps) {
    this.#deps = deps;
  }

  async take(call: IncomingCall, line: PlacedCall): Promise<IncomingDecision> {
    const { dialIn, store, admissions } = this.#deps;
    if (!dialIn) return DECLINED;
    const number = this.#numberOf(call.caller);
    const found = number === undefined ? undefined : await store.findDialIn(dialIn.number, number);
    if (!admissions.mayAnswer({ number, isExpected: found !== undefined })) return this.#came('too-many', BUSY);
    if (number === undefined) return this.#came('withheld-caller', this.#say(call, 'withheld', dialIn.locale));
    if (found) return this.#takeFor(found.id, call, line);
    const [last] = await store.list({ to: number, method: 'dial-in', limit: 1 });
    if (last) return this.#came('no-live-code', this.#say(call, 'no-code', last.locale));
    return this.#came('unknown-caller', this.#say(call, 'unknown', dialIn.locale));
  }

  /** Normalised as what was typed on the page was; undefined for a number that is withheld or none. */
  #numberOf({ presented, address }: Caller): string | undefined {
    // Many networks leave out the plus of a number that has its country in it.
    const readings = presented === undefined ? [] : [presented, `+${presented}`];
    for (const reading of [...readings, ...(address === undefined ? [] : [address])]) {
      try {
        return this.#deps.numbers.normalise(reading);
      } catch (error) {
        if (!(error instanceof VerificationError)) throw error;
      }
    }
    return undefined;
  }

  async #takeFor(id: string, call: IncomingCall, line: PlacedCall): Promise<IncomingDecision> {
    const { dialIn, reportKey, records, lines, eventsOf, now } = this.#deps;
    const refused = isRefused(call.caller.evidence, dialIn?.validation ?? 'ignore');
    const judged: Judgement[] = [];
    const taken: CallEvents[] = [];
    const decide: Decision = (current) => {
      const result = judge(current, refused);
      judged.push(result);
      return result === 'answered' || result === 'caller-not-valid'
        ? { ...current, call: recordOf(current, call, refused) }
        : undefined;
    };
    const stored = await records.change(id, decide, (current) => {
      // Before anybody can end the verification, so that the end is told on this line.
      if (!refused) taken.push(lines.take(call.id, line, { events: eventsOf(current), now: now() }));
    });
    const [events] = taken;
    if (events) return this.#came('answered', { take: true, call: requestOf(stored, reportKey), events });
    // Asked again where somebody wrote in between: the last word counts.
    const result = judged.at(-1) ?? 'no-live-code';
    if (result === 'no-live-code') return this.#came(result, this.#say(call, 'no-code', stored.locale));
    return this.#came(result, result === 'busy' ? BUSY : DECLINED);
  }

  #say({ id }: IncomingCall, words: DialInWords, locale: string): IncomingDecision {
    const call: CallRequest = { id, to: '', method: 'dial-in', locale, codeLength: 0, gateDigits: 0, words };
    return { take: true, call, events: NOBODY_LISTENS };
  }

  #came(result: IncomingResult, decision: IncomingDecision): IncomingDecision {
    try {
      this.#deps.dialIn?.onCall?.(result);
    } catch (error) {
      this.#deps.onError(error, 'telling of a call that came in');
    }
    return decision;
  }
}

/** A call that serves no verification has no record. */
const NOBODY_LISTENS: CallEvents = {
  onProgress: () => {},
  onCode: async () => 'failed',
  onReport: async () => false,
  onEnded: () => {},
};

type Judgement = Extract<IncomingResult, 'answered' | 'busy' | 'no-live-code' | 'caller-not-valid'>;

function judge(current: Verification, refused: boolean): Judgement {
  if (isFinal(current.status)) return 'no-live-code';
  if (current.call.state !== 'ended' && !isAwaited(current)) return 'busy';
  return refused ? 'caller-not-valid' : 'answered';
}

function recordOf(current: Verification, { id, caller }: IncomingCall, refused: boolean): CallRecord {
  const number = current.call.number + (isAwaited(current) ? 0 : 1);
  const record = { id, number, keys: 0, caller: caller.evidence };
  return refused ? { ...record, state: 'ended', outcome: 'rejected' } : { ...record, state: 'ringing' };
}

function requestOf(
  { to, locale, call, terms, word, transaction }: Verification,
  reportKey: string | undefined,
): CallRequest {
  return {
    id: call.id,
    to,
    method: 'dial-in',
    locale,
    codeLength: terms?.codeLength ?? 0,
    gateDigits: 0,
    ...(reportKey !== undefined && { reportKey }),
    ...(word !== undefined && { word }),
    ...(transaction && { transaction }),
  };
}
