/**
 * What the phone is doing. The line comes first, then one call at a time on it.
 *
 *   off ─▶ connecting ─▶ ready ─▶ ringing ─▶ answering ─▶ talking ─▶ ended
 *    ▲         │  ▲        │  ▲       └───────────┴─────────────────▶ │
 *    │         ▼  └─────── ▼  └───────────────────────────────────────┘  (the next call)
 *    └── refused           retrying
 */
type PhoneStateName =
  'off' | 'connecting' | 'retrying' | 'refused' | 'ready' | 'ringing' | 'answering' | 'talking' | 'ended';

export interface PhoneState {
  readonly name: PhoneStateName;
  /** Who calls, while there is a call. */
  readonly caller?: string;
}

/** True from the first ring to the end of a call. */
export function isInCall({ name }: PhoneState): boolean {
  return name === 'ringing' || name === 'answering' || name === 'talking';
}
