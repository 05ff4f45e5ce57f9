import type { CallState, KeyTiming, Method, Outcome, Verdict } from './call.ts';
import type { Caller } from './caller.ts';
import type { Cost } from './cost.ts';
import type { NumberKind } from './number-kind.ts';
import type { Transaction } from './terms.ts';
import type { Verification, VerificationStatus } from './verification.ts';

/** The current time in milliseconds since the epoch; tests own it. */
export type Clock = () => number;

export type InsertResult = 'inserted' | 'number-taken' | 'code-taken';
export type ReplaceResult = 'replaced' | 'conflict' | 'code-taken';

/** Which verifications are wanted; all that is given must hold. Times in milliseconds. */
export interface ListQuery {
  readonly relyingParty?: string;
  readonly status?: VerificationStatus;
  readonly to?: string;
  readonly method?: Method;
  /** Created at this time or later. */
  readonly from?: number;
  /** Created before this time. */
  readonly until?: number;
  /** Only what comes after this one in the order of the list. */
  readonly after?: { readonly createdAt: number; readonly id: string };
  readonly limit: number;
}

/** A place that remembers verifications. Every promise resolves only when the change cannot be lost any more. */
export interface VerificationStore {
  /**
   * Adds a pending verification, unless its relying party already has a live (pending) one with this
   * destination or with this code: the two are one to one (patent, claims 1 and 5). With `dial-in` neither may belong to
   * any live one of the same dial-in number, whichever relying party's: there the number is how a caller is known.
   */
  insert(verification: Verification): Promise<InsertResult>;
  find(id: string): Promise<Verification | undefined>;
  /** The pending verification of this destination (destination.ts), if there is one. */
  findLive(relyingParty: string, destination: string): Promise<Verification | undefined>;
  /** The pending verification of whoever calls this dial-in number from `to`, if there is one. */
  findDialIn(dialIn: string, to: string): Promise<Verification | undefined>;
  /** The verification made with this idempotency key (a keyed hash), if it is still remembered. */
  findByIdempotencyKey(relyingParty: string, keyHash: string): Promise<Verification | undefined>;
  /**
   * Writes `next` as revision `next.revision + 1`, unless someone wrote in between ('conflict') or its new
   * code belongs to another live verification ('code-taken', as with `insert`). Then nothing is written.
   */
  replace(next: Verification): Promise<ReplaceResult>;
  /** The newest first; those of one millisecond by their id, the greatest first. At most `limit`. */
  list(query: ListQuery): Promise<readonly Verification[]>;
  /** Every pending verification; with `expiredBy`, only those whose time is up at that moment. */
  pending(filter?: { readonly expiredBy?: number }): Promise<readonly Verification[]>;
  /** Every verification, pending or not, whose call has not ended. */
  inCall(): Promise<readonly Verification[]>;
  /** Forgets finished verifications that were last changed before this time; says how many. */
  purge(finishedBefore: number): Promise<number>;
  /** Forgets everything about this number, pending or not, for one relying party or for all; says how many verifications. */
  erase(to: string, relyingParty?: string): Promise<number>;
  /** Flushes and lets go of the files; harmless when called twice. */
  close(): Promise<void>;
}

/** Whether calls can be placed now; the reason is a stable word for /readyz and for a refusal. */
export type LineStatus =
  | { readonly ready: true }
  | {
      readonly ready: false;
      readonly reason:
        | 'starting'
        | 'trunk-unreachable'
        | 'trunk-refused'
        | 'gateway-down'
        | 'closed'
        /** For one call only: every trunk that may carry it has as many calls as it takes. */
        | 'trunks-full'
        /** For one call only: no trunk carries such numbers. */
        | 'no-trunk';
      readonly detail: string;
    };

export type TrunkStatus = LineStatus & {
  readonly name: string;
  /** It works, and takes no further call at the moment. */
  readonly full?: true;
};

/** Ready as long as one trunk is; `trunks` tells of each, where there are any. */
export type TelephonyStatus = LineStatus & { readonly trunks?: readonly TrunkStatus[] };

/** Where a call is to go. */
export interface CallRoute {
  /** As in CallRequest. */
  readonly to: string;
  /** The only trunk that it may take; absent: any that carries such numbers. */
  readonly trunk?: string;
}

/** A language that calls can be held in. */
export interface Voice {
  /** BCP 47. */
  readonly locale: string;
  /** The words that page and call may share, each of which the call says by its place. */
  readonly words: readonly string[];
}

/** A telephone. */
export interface Telephony {
  /** Which languages calls can be held in now; at least one. */
  readonly voices: readonly Voice[];
  /** With a route: whether such a call could be placed now. */
  status(route?: CallRoute): TelephonyStatus;
  /** Places a call and returns at once. `events.onEnded` is called exactly once, whatever happens. */
  place(call: CallRequest, events: CallEvents): PlacedCall;
  /** Who decides about the calls that come in; until then, and where nobody decides in time, they are refused. */
  listen(take: TakeIncoming): void;
  close(): Promise<void>;
}

/** A call that came in and rings. */
export interface IncomingCall {
  /** Unguessable. */
  readonly id: string;
  readonly caller: Caller;
}

export type IncomingDecision =
  | { readonly take: true; readonly call: CallRequest; readonly events: CallEvents }
  /** A final SIP status: busy, or declined. */
  | { readonly take: false; readonly status: 486 | 603 };

/** `line` is the call, for as long as it lasts. */
export type TakeIncoming = (call: IncomingCall, line: PlacedCall) => Promise<IncomingDecision>;

/** What a caller is told whose call serves no verification: one utterance, then the call ends. */
export type DialInWords = 'unknown' | 'withheld' | 'no-code';

/** What is done after the answer, before the conversation: a key to press, or a pause in milliseconds. */
export type ExtensionPart = { readonly key: string } | { readonly pause: number };

/** Everything the voice server has to know to make one call, or to take one that came in (`dial-in`). */
export interface CallRequest extends CallRoute {
  /** Unguessable; a call, not a verification: calling again makes a new one. */
  readonly id: string;
  /** E.164 (`+12025550123`), a SIP URI (`sip:desk@pbx.example`) or an internal extension (`1001`). */
  readonly to: string;
  readonly method: Method;
  /** BCP 47 tag of the prompts, such as `en` or `zh`. */
  readonly locale: string;
  /** Only for `spoken`: the digits to speak. It lives in this message and nowhere else. */
  readonly code?: string;
  /** Only for `dial-in`: no code is asked for, this is said. */
  readonly words?: DialInWords;
  /** Keyed to the switchboard that answers; the conversation begins after it. */
  readonly extension?: readonly ExtensionPart[];
  /** Sent as the caller's number instead of the trunk's own. */
  readonly callerId?: string;
  readonly codeLength: number;
  /** Ask for so many random spoken digits before a code is spoken or accepted; 0: no gate. */
  readonly gateDigits: number;
  /** The digit by which the phone holder says that nobody there asked for the call; absent: there is none. */
  readonly reportKey?: string;
  /** The place in the list of the word to say, before any code is spoken or accepted. */
  readonly word?: number;
  /** To be said to the end before any code is spoken or accepted. */
  readonly transaction?: Transaction;
}

export interface CallEvents {
  onProgress(progress: CallProgress): void;
  /** The phone holder keyed a whole code (`keypad`). */
  onCode(code: string, keyTiming?: KeyTiming): Promise<Verdict>;
  /** The phone holder did not ask for this call. Resolves with whether the number will never be called again. */
  onReport(): Promise<boolean>;
  onEnded(end: CallEnd): void;
}

export interface CallProgress {
  readonly state: Exclude<CallState, 'queued' | 'ended'>;
  /** How many keys of the code have arrived; never which. */
  readonly keys?: number;
  /** With `dialing`: the trunk that is tried. Told again when another one is. */
  readonly trunk?: string;
  /** The transaction has been said to its end. */
  readonly transactionSpoken?: boolean;
}

export interface CallEnd {
  readonly outcome: Outcome;
  /** True once the code was spoken to its last digit at least once (`spoken`), or a code was keyed (`keypad`). */
  readonly codeDelivered: boolean;
  /** Absent: nothing remarkable. */
  readonly keyTiming?: KeyTiming;
  /** The final SIP status, where there was one. */
  readonly sipStatus?: number;
  /** The trunk that carried it, or was tried last. */
  readonly trunk?: string;
  /** Milliseconds from the answer to the end; absent when nobody answered. */
  readonly answeredMs?: number;
  /** What the rate deck says that it cost. */
  readonly cost?: Cost;
}

/** A call under way. Both methods are harmless once it has ended. */
export interface PlacedCall {
  /** Tells the phone holder how the verification ended, if the line is still up, and then ends the call. */
  tell(verdict: Verdict): void;
  hangUp(): void;
}

/** A call that somebody wants placed now. Whatever is counted is counted on `to`, which is normalised. */
export interface CallAttempt {
  readonly callId: string;
  readonly relyingParty: string;
  readonly to: string;
  /** Of `to`, where it was just read; to read it again takes as long as all that the rules do. */
  readonly kind?: NumberKind;
  /** Where the visitor's request came from, without a port; absent when a relying party's server asks. */
  readonly address?: string;
  /** A keyed hash of the relying party's name for its user. */
  readonly user?: string;
  /** The call that is hung up for this one. */
  readonly replaces?: string;
  /** Nobody is rung: the person will call (`dial-in`). */
  readonly awaited?: true;
}

export type AdmissionDecision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly code: 'number_not_allowed' | 'rate_limited';
      /** Fit to be shown to a stranger: it does not say which rule it was. */
      readonly words: string;
      readonly retryAfterSeconds?: number;
      /** For the records; whoever asked is not told. */
      readonly rule?: string;
    };

/** Whom a verification is about. */
export interface CalledPerson {
  readonly to: string;
  /** On a company line. */
  readonly extension?: string;
}

export interface IncomingCaller {
  /** Normalised; undefined for a withheld number. */
  readonly number: string | undefined;
  /** A verification waits for this call. */
  readonly isExpected: boolean;
}

/** Who may be rung, how often, at what cost, and how often a code may be guessed; docs/rules.md. */
export interface Admission {
  /** Decides and counts in one step. A call that was admitted MUST be told of with `ended`, or with `withdrawn`. */
  admit(attempt: CallAttempt): Promise<AdmissionDecision>;
  /** Whether a call that came in may be answered; decides and counts in one step. */
  mayAnswer(caller: IncomingCaller): boolean;
  /** Gives what the call cost; `answeredMs` is absent when nobody answered. */
  ended(callId: string, answeredMs: number | undefined): Cost | undefined;
  /** A call that was admitted was not placed after all. */
  withdrawn(attempt: CallAttempt): void;
  /** A verification is over. */
  settled(verification: Verification): void;
  /** Whether a code for this number may be tried now; the caller lets tries of one number in one by one. */
  mayTry(to: string): Promise<AdmissionDecision>;
  /** A code for this number, or for an extension behind it, was right or wrong; resolves when that cannot be forgotten any more. */
  tried(whom: CalledPerson, right: boolean): Promise<void>;
}

/** The numbers that are never rung again until the operator says otherwise. */
export interface DoNotCall {
  /** `number` is normalised; `why` is a word such as `reported`. Resolves when it cannot be forgotten any more. */
  add(number: string, why: 'reported' | 'operator'): Promise<void>;
}
