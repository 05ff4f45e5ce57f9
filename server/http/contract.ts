/** What travels over HTTP (v1). The client imports these as types only. */
export type MethodName = 'keypad' | 'spoken' | 'dial-in';
export type StatusName = 'pending' | 'verified' | 'failed' | 'locked' | 'expired' | 'canceled';
export type CallStateName =
  'queued' | 'dialing' | 'ringing' | 'answered' | 'gate' | 'speaking' | 'collecting' | 'verdict' | 'ended';
export type OutcomeName =
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'rejected'
  | 'unreachable'
  | 'invalid-number'
  | 'hung-up'
  | 'no-input'
  | 'wrong-code'
  | 'media-failed'
  | 'trunk-unavailable'
  | 'canceled'
  | 'blocked'
  | 'reported';

/** POST /v1/verifications */
export interface CreateVerificationBody {
  to: string;
  method: MethodName;
  /** The relying party's name for its user, who gets only so many calls; 1 to 128 characters, kept as a keyed hash. */
  user?: string;
  /** Keyed to the switchboard that answers `to`: keys 0-9 * # A-D, and pauses `,` (2 s) and `w` (0.5 s). */
  extension?: string;
  /** BCP 47; absent: Accept-Language, then the language of the number's country, then the default. */
  locale?: string;
  /** At most 20 pairs of strings, kept and shown back. */
  metadata?: Record<string, string>;
  /** Shown back in the receipt, so that it cannot stand for another verification; 8 to 200 visible ASCII characters. */
  nonce?: string;
  transaction?: TransactionView;
  /** Draw a word that the view shows and the call says, so that the phone holder knows that they belong together. */
  sayWord?: boolean;
}

/** What the visitor approves: the call says it, and the receipt has it. */
export interface TransactionView {
  /** A decimal number and an ISO 4217 currency: `49.90 EUR`. */
  amount: string;
  payee: string;
}

export interface SpokenTransactionView extends TransactionView {
  /** The last call said it to the end; no code is spoken or accepted before. */
  spoken: boolean;
}

/** The whole view of a verification: the answer of GET, and the data of every server-sent event. */
export interface VerificationView {
  id: string;
  to: string;
  method: MethodName;
  locale: string;
  status: StatusName;
  /** Why it failed or was canceled. */
  reason?: OutcomeName | 'superseded';
  attemptsLeft: number;
  /** ISO 8601. */
  createdAt: string;
  expiresAt: string;
  call: {
    id: string;
    number: number;
    state: CallStateName;
    /** How many keys of the code have arrived. */
    keys: number;
    /** Where it is remarkable: they came as regularly as only a machine presses them. */
    keyTiming?: 'machine-regular';
    outcome?: OutcomeName;
    /** Of a call that came in (`dial-in`): what others said of its number; nothing of it was verified here. */
    caller?: CallerView;
  };
  /** So many digits the voice asks for before it speaks or takes a code (docs/gate.md); 0: none. */
  gateDigits?: number;
  /** Only of `dial-in`: what is to be called from the number that is verified. */
  dialIn?: { number: string };
  extension?: string;
  metadata?: Record<string, string>;
  nonce?: string;
  transaction?: SpokenTransactionView;
  /** With `sayWord`: the word to show, which the call says. */
  word?: string;
  /** When it stopped being pending; ISO 8601. */
  settledAt?: string;
  /** Only of what is verified, in the answer of GET (not in events): a signed statement (JWS), see docs/receipts.md. */
  receipt?: string;
  /** When the phone holder said of a call that nobody there had asked for it; ISO 8601. The number is not called again. */
  reportedAt?: string;
}

export interface CallerView {
  /** Where the number stood: P-Asserted-Identity of a trusted gateway, or From, which anyone can write. */
  source: 'asserted' | 'from';
  /** `verstat` of the gateway. */
  validation?: 'passed' | 'failed' | 'none';
  /** The STIR/SHAKEN level that the gateway found. */
  attestation?: 'A' | 'B' | 'C';
  /** `attest` as the header Identity claims it; its signature was not checked. */
  claimed?: 'A' | 'B' | 'C' | 'unreadable';
}

/** 201 of POST /v1/verifications and of POST /v1/verifications/{id}/calls. */
export interface CreatedVerificationView extends VerificationView {
  /** Bearer token that opens this verification only. */
  token: string;
  /** Only for `keypad` and `dial-in`: show it to the visitor. */
  code?: string;
}

/** What a relying party and an operator see of a verification, in lists and webhooks. */
export interface OperatorVerificationView extends VerificationView {
  relyingParty: string;
  call: VerificationView['call'] & {
    /** The trunk that carries it, or was tried last. */
    trunk?: string;
    /** From its answer to its end; milliseconds. */
    answeredMs?: number;
    /** For an operator's key only, where there is a rate deck: what it cost, in millionths of the currency (ISO 4217). */
    cost?: { micros: number; currency: string };
  };
}

/** GET /v1/verifications: newest first. */
export interface VerificationListView {
  verifications: OperatorVerificationView[];
  /** Send it as `cursor` for the next page; absent on the last one. */
  nextCursor?: string;
}

/** GET /v1/webhooks/dead: the latest first. */
export interface DeadWebhooksView {
  webhooks: DeadWebhookView[];
}

/** A message that was given up; POST /v1/webhooks/dead/{id}/replay tries it again. */
export interface DeadWebhookView {
  id: string;
  type: string;
  relyingParty: string;
  /** The id of the verification that it tells of. */
  verification: string;
  attempts: number;
  /** Why the last attempt failed: `http-500`, `timeout`, `internal-address`, … */
  fault: string;
  createdAt: string;
  deadAt: string;
}

/** POST /v1/erasures: the number, in any notation. */
export interface ErasureBody {
  to: string;
}

/** How many were forgotten. */
export interface ErasureView {
  verifications: number;
  webhooks: number;
}

/** POST /v1/verifications/{id}/check */
export interface CheckBody {
  code: string;
}

/** A wrong code is 200 with `pending` and one attempt less. */
export interface CheckView {
  status: StatusName;
  attemptsLeft: number;
  /** Once verified: a signed statement (JWS), see docs/receipts.md. */
  receipt?: string;
}

/** RFC 9457. `code` is stable and for machines, `detail` for people. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** JSON pointers into the request. */
  errors?: { field: string; expected: string; got: string }[];
}

/** GET /v1/settings: what the pages need to know; public. */
export interface PageSettings {
  operatorName: string;
  codeLength: number;
  methods: MethodName[];
  locales: string[];
  /** Only where people can call in. */
  dialIn?: { number: string };
  /** The softphone of testers: where it connects, when the local proxy is on. */
  proxy?: { path: string; domain: string; passwordRequired: boolean };
  defaultCountry: string;
  /** Whether a SIP URI of some domain can be called. */
  sipAddresses: boolean;
  /** False when creating needs an API key. */
  openToVisitors: boolean;
}
