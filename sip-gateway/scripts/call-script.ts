import type { CallState, Outcome, Verdict } from '../../server/verification/call.ts';
import type { ExtensionPart } from '../../server/verification/ports.ts';
import type { Utterance } from '../prompts/prompt-name.ts';

/**
 * A call script decides what is said, what is waited for, and what happens on each key, on silence and on
 * hang-up. It is a pure state machine: events in, actions out, time as an argument. It begins when the call
 * is answered and media flows, and is over after its `hang-up` action or the `gone` event.
 */
export interface CallScript<State> {
  readonly initial: State;
  step(state: State, event: ScriptEvent, now: number): ScriptStep<State>;
}

export interface ScriptStep<State> {
  readonly state: State;
  readonly actions: readonly ScriptAction[];
}

/** One key press: `0`-`9`, `*`, `#`, `A`-`D`. */
export type Key = string;

export type ScriptEvent =
  /** The person can hear us. Always the first event. */
  | { readonly type: 'started' }
  | { readonly type: 'key'; readonly key: Key }
  /** The last frame of the latest `play` has been sent. */
  | { readonly type: 'played' }
  /** The latest `wait` is over. */
  | { readonly type: 'waited' }
  /** The answer to `submit`. */
  | { readonly type: 'code-verdict'; readonly verdict: Verdict }
  /** The verification ended elsewhere while the call is up. */
  | { readonly type: 'told'; readonly verdict: Verdict }
  /** The latest `await-quiet` is over, and no key has come since. */
  | { readonly type: 'quiet' }
  /** The answer to `report`: whether the number will never be called again. */
  | { readonly type: 'report-answer'; readonly kept: boolean }
  /** The latest `dial` is over. */
  | { readonly type: 'dialled' }
  /** The line is down. Nothing can be said any more, and only `report` is still done. */
  | { readonly type: 'gone' };

export type ScriptAction =
  /** Says this now; whatever was playing stops. */
  | { readonly type: 'play'; readonly utterance: Utterance }
  | { readonly type: 'stop-playing' }
  /** Sets the script's one timer (milliseconds), replacing the one before. */
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'stop-waiting' }
  /** A whole code was keyed: ask the verification unit. Answered by `code-verdict`. */
  | { readonly type: 'submit'; readonly code: string }
  /** Asks for `quiet` after so many milliseconds without a key; replaces the one before. */
  | { readonly type: 'await-quiet'; readonly ms: number }
  /** The phone holder did not ask for this call. Answered by `report-answer`. */
  | { readonly type: 'report' }
  | { readonly type: 'progress'; readonly state: Exclude<CallState, 'queued' | 'ended'>; readonly keys?: number }
  /** The person has heard to the end who calls and why. */
  | { readonly type: 'opening-spoken' }
  /** The code has been spoken to its last digit at least once. */
  | { readonly type: 'code-delivered' }
  /** Keys this to the other side and hears no key until `listen`. Answered by `dialled`. */
  | { readonly type: 'dial'; readonly parts: readonly ExtensionPart[] }
  | { readonly type: 'listen' }
  | { readonly type: 'hang-up'; readonly outcome: Outcome };
