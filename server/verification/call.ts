/**
 * A call: one delivery attempt of a verification. It is not part of the verification's own life
 * (a visitor may type the code while the voice still speaks).
 *
 *   queued ─▶ dialing ─▶ ringing ─▶ answered ─▶ gate ─▶ speaking ─▶ verdict ─▶ ended
 *                                       │         └───▶ collecting ──┘  ▲
 *                                       └── (gate off) ──▶ …            │
 *   from every state ───────────────────────────────────────────────────┘
 *
 * With `dial-in` it goes the other way: `queued` waits for the person to call, and nothing is dialled.
 */
export const CALL_STATES = [
  'queued',
  'dialing',
  'ringing',
  'answered',
  'gate',
  'speaking',
  'collecting',
  'verdict',
  'ended',
] as const;
export type CallState = (typeof CALL_STATES)[number];

/** How a call ended: a value, not an error. */
export const OUTCOMES = [
  'completed',
  'busy',
  'no-answer',
  'rejected',
  'unreachable',
  'invalid-number',
  'hung-up',
  'no-input',
  'wrong-code',
  'media-failed',
  'trunk-unavailable',
  'canceled',
  'blocked',
  'reported',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What is remarkable about how the keys of a call came; noted, and refused to nobody. */
export const KEY_TIMINGS = ['machine-regular'] as const;
export type KeyTiming = (typeof KEY_TIMINGS)[number];

/** Which way the code travels (patent: first and second embodiment), or the call itself (its Fig. 1, made safe). */
export const METHODS = ['keypad', 'spoken', 'dial-in'] as const;
export type Method = (typeof METHODS)[number];

/** What the phone holder is told about a code, or about the verification's end. */
export type Verdict = 'verified' | 'wrong-code' | 'locked' | 'expired' | 'canceled' | 'failed';

/** Where a call may go next: states may be skipped, none is entered twice. */
const NEXT = {
  queued: ['dialing', 'ringing', 'answered', 'gate', 'speaking', 'collecting', 'verdict', 'ended'],
  dialing: ['ringing', 'answered', 'gate', 'speaking', 'collecting', 'verdict', 'ended'],
  ringing: ['answered', 'gate', 'speaking', 'collecting', 'verdict', 'ended'],
  answered: ['gate', 'speaking', 'collecting', 'verdict', 'ended'],
  gate: ['speaking', 'collecting', 'verdict', 'ended'],
  speaking: ['verdict', 'ended'],
  collecting: ['verdict', 'ended'],
  verdict: ['ended'],
  ended: [],
} as const satisfies Record<CallState, readonly CallState[]>;

export function canCallMove(from: CallState, to: CallState): boolean {
  const allowed: readonly CallState[] = NEXT[from];
  return allowed.includes(to);
}
