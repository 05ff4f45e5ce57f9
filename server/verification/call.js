/**
 * A call: one delivery attempt of a verification. It is not part of the verification's own life
 * (a visitor may type the code while the voice still speaks).
 *
 *   queued ─▶ dialing ─▶ ringing ─▶ answered ─▶ gate ─▶ speaking ─▶ verdict ─▶ ended
 *                                       │         └───▶ collecting ──┘  ▲
 *                                       └── (gate off) ──▶ …            │
 *   from every state ───────────────────────────────────────────────────┘
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
];
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
];
/** Which way the code travels (patent: first and second embodiment). */
export const METHODS = ['keypad', 'spoken'];
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
};
export function canCallMove(from, to) {
  const allowed = NEXT[from];
  return allowed.includes(to);
}
