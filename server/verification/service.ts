import type { Method } from './call.ts';
import type { ValidationPolicy } from './caller.ts';
import type { Admission, Clock, DoNotCall, ListQuery, Telephony, VerificationStore } from './ports.ts';
import type { NumberPlan } from './phone-number.ts';
import type { VerificationPolicy } from './policy.ts';
import type { Network, Transaction } from './terms.ts';
import type { Verification } from './verification.ts';

export interface VerificationServiceDeps {
  readonly store: VerificationStore;
  readonly telephony: Telephony;
  readonly numbers: NumberPlan;
  readonly policy: VerificationPolicy;
  /** The server's secret: keys every hash. At least 32 bytes. */
  readonly secret: Uint8Array;
  readonly now: Clock;
  /** What receipts say of where the calls went; absent: the local proxy, which promises least. */
  readonly network?: Network;
  /** Asked before each call; absent: every call is placed. */
  readonly admission?: Admission;
  /** Takes the numbers whose holder did not ask for a call; absent: such a call fails, and may be repeated. */
  readonly doNotCall?: DoNotCall;
  /** Absent: nobody can call in. */
  readonly dialIn?: DialInOptions;
  /** Told of every change that was stored, in the order of the revisions of each verification; a new one has no `before`. */
  readonly onChange?: (verification: Verification, before: Verification | undefined) => void;
  /** Told of what went wrong where nobody waits for an answer (a call event that could not be stored, …). */
  readonly onError?: (error: unknown, what: string) => void;
}

/** How people call in. */
export interface DialInOptions {
  /** The number that the page shows, E.164; whatever call comes in is a call to it. */
  readonly number: string;
  /** In which language a caller is spoken to whom nobody knows. */
  readonly locale: string;
  readonly validation: ValidationPolicy;
  /** Told what came of each call that came in. */
  readonly onCall?: (result: IncomingResult) => void;
}

/** What came of a call that came in, in a stable word; `answered` is the only one that may bring a code. */
export type IncomingResult =
  'answered' | 'unknown-caller' | 'withheld-caller' | 'no-live-code' | 'caller-not-valid' | 'busy' | 'too-many';

export interface CreateRequest {
  readonly relyingParty: string;
  /** As typed; normalised and checked by the number plan. */
  readonly to: string;
  readonly method: Method;
  readonly locale: string;
  /** Keys for the switchboard that answers (extension.ts). */
  readonly extension?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string;
  /** Sent as the caller's number instead of the trunk's own. */
  readonly callerId?: string;
  /** The only trunk that its calls may take. */
  readonly trunk?: string;
  readonly nonce?: string;
  readonly transaction?: Transaction;
  /** Draw a word for the page to show and the call to say. */
  readonly sayWord?: boolean;
  /** The relying party's name for its user; kept as a keyed hash. */
  readonly user?: string;
  /** Where the visitor's request came from; absent when a relying party's server asks. */
  readonly address?: string;
}

/** What only the maker of a verification sees, and only once. */
export interface Created {
  readonly verification: Verification;
  /** Opens this verification and no other. */
  readonly token: string;
  /** For `keypad` and `dial-in`: the code to show. Absent when an idempotent replay came after the code was forgotten. */
  readonly code?: string;
}

/** One person is to be forgotten. */
export interface Erasure {
  /** As typed; what cannot be dialled any more is taken as it was stored. */
  readonly to: string;
  /** Its own verifications only; absent: everyone's. */
  readonly relyingParty?: string;
  /**
   * Forgets what others keep of the person. Runs when everything of the number has ended, before its records go, so that
   * what fails here can be asked for again; a creation of the number waits until all of it is done.
   */
  readonly forgetRest?: (erased: Erased) => Promise<void>;
}

/** What was forgotten; the number is normalised where it is one that may be called here. */
export interface Erased {
  readonly to: string;
  readonly verifications: readonly string[];
}

/** The verification unit (patent 211, 311): starts the call, compares, decides. */
export interface VerificationService {
  create(request: CreateRequest): Promise<Created>;
  /** Applies one submitted code; a wrong one is not an error. */
  check(id: string, code: string): Promise<Verification>;
  get(id: string): Promise<Verification>;
  /** The newest first; `to` may be written as a person does. */
  list(query: ListQuery): Promise<{ readonly items: readonly Verification[] }>;
  /** Places another call with a fresh code while the verification is pending, or waits for another (`dial-in`). */
  callAgain(id: string, address?: string): Promise<Created>;
  /** Cancels; a call in progress is hung up. */
  cancel(id: string): Promise<Verification>;
  /** Ends and forgets every verification of a number. A creation comes clearly before, and is forgotten, or clearly after. */
  erase(erasure: Erasure): Promise<Erased>;
  /** Whether this token is the one the verification was created with; in constant time. */
  opens(token: string, verification: Verification): boolean;
  /** Expires and purges what is due now; main calls it every second. */
  sweep(): Promise<void>;
  /** Ends the calls that a previous process left behind; once, before the first request. */
  recover(): Promise<void>;
  close(): Promise<void>;
}
