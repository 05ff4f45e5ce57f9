import type { Outcome, Verdict } from '../../server/verification/call.ts';
import type { PromptName, Utterance } from '../prompts/prompt-name.ts';
import type { ScriptEvent, ScriptStep } from './call-script.ts';

/** The last words are being said; then the call ends with `outcome`. */
export interface Farewell {
  readonly phase: 'farewell';
  readonly outcome: Outcome;
}
/** The call is over: nothing is heard, nothing is said. */
export interface Over {
  readonly phase: 'over';
}

/** A verdict that ends the conversation. */
export type FinalVerdict = Exclude<Verdict, 'wrong-code'>;

const VERDICT_PROMPTS: Readonly<Record<FinalVerdict, PromptName>> = {
  verified: 'verdict-verified',
  locked: 'verdict-locked',
  expired: 'verdict-expired',
  canceled: 'verdict-canceled',
  failed: 'verdict-failed',
};

/** Says how it went and goodbye. `sayFirst` is the reason, where the verdict alone does not tell it. */
function sayVerdict(
  verdict: FinalVerdict,
  outcome: Outcome,
  sayFirst: readonly PromptName[] = [],
): ScriptStep<Farewell> {
  return {
    state: { phase: 'farewell', outcome },
    actions: [
      { type: 'stop-waiting' },
      { type: 'progress', state: 'verdict' },
      { type: 'play', utterance: [...sayFirst, VERDICT_PROMPTS[verdict], { pause: 300 }, 'goodbye'] },
    ],
  };
}

/** How a call ends that has brought nothing. */
type Fruitless = 'wrong-code' | 'no-input' | 'hung-up';

/** Says that this call has brought nothing, and that nobody was heard, where that is why. */
export function giveUp(outcome: Fruitless, heard: 'keys' | 'nothing' = 'keys'): ScriptStep<Farewell> {
  return sayVerdict('failed', outcome, heard === 'nothing' ? ['no-input'] : []);
}

/** The same where the verification goes on, and another call may bring the code: only what was wrong with this one. */
export function giveUpForNow(outcome: Fruitless, heard: 'keys' | 'nothing' = 'keys'): ScriptStep<Farewell> {
  if (outcome === 'hung-up') return sayGoodbye(outcome);
  if (outcome === 'wrong-code') return sayGoodbye(outcome, 'keypad-wrong');
  return sayGoodbye(outcome, heard === 'nothing' ? 'no-input' : 'keypad-again');
}

/** Says goodbye where there is no verdict to tell. */
export function sayGoodbye(outcome: Outcome, sayFirst?: PromptName): ScriptStep<Farewell> {
  const utterance: Utterance = sayFirst === undefined ? ['goodbye'] : [sayFirst, { pause: 300 }, 'goodbye'];
  return {
    state: { phase: 'farewell', outcome },
    actions: [{ type: 'stop-waiting' }, { type: 'play', utterance }],
  };
}

/** Hangs up once the last word is out; a first verdict is the one that counts. */
export function stepFarewell(state: Farewell | Over, event: ScriptEvent): ScriptStep<Farewell | Over> {
  if (state.phase === 'over' || event.type !== 'played') return { state, actions: [] };
  return { state: { phase: 'over' }, actions: [{ type: 'hang-up', outcome: state.outcome }] };
}

/**
 * How the call ends whose verification has ended: with a lock somebody had the wrong code, and when the time is up,
 * nobody had the right one.
 */
const OUTCOMES: Readonly<Record<FinalVerdict, Outcome>> = {
  verified: 'completed',
  locked: 'wrong-code',
  expired: 'no-input',
  canceled: 'canceled',
  failed: 'hung-up',
};

/** Tells how the verification ended, on the page or by this call, and ends the call accordingly. */
export function tell(verdict: FinalVerdict): ScriptStep<Farewell> {
  return sayVerdict(verdict, OUTCOMES[verdict]);
}
