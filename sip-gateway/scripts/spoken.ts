import type { CallLimits } from '../../server/telephony/messages.ts';
import type { Utterance } from '../prompts/prompt-name.ts';
import type { CallScript, ScriptEvent, ScriptStep } from './call-script.ts';
import { type Farewell, giveUp, type Over, sayGoodbye, stepFarewell, tell } from './farewell.ts';
import { createGate, type Gate, type GateStep } from './gate.ts';
import { digitPrompts, FIRST_PACE, SLOW_PACE } from './utterances.ts';

/**
 * What leads in each reading of the code. The warning comes after the first, while the visitor types; it is not
 * first, where it would keep people from the code, nor last, when those who have the code are gone.
 */
const INTROS: readonly Utterance[] = [
  ['code-intro'],
  [{ pause: 800 }, 'warning', { pause: 500 }, 'repeat-hint', { pause: 500 }, 'code-repeat'],
  [{ pause: 1500 }, 'code-last'],
];
/** How often `*` may ask for the code once more. */
const REPEATS = 3;
/** After the last reading the line stays up this long, so that the page's verdict can be told on the phone. Milliseconds. */
const VERDICT_WAIT = 20_000;

export interface SpokenScriptOptions {
  /** The digits to speak. */
  readonly code: string;
  /** What the gate asks for, the random digits of each asking; absent: no gate. */
  readonly gateAskings?: readonly string[];
  readonly limits: Pick<CallLimits, 'firstKey' | 'nextKey'>;
}

export type SpokenState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'gate'; readonly gate: Gate }
  | Reading
  | AwaitingVerdict
  | Farewell
  | Over;

interface Reading {
  readonly phase: 'reading';
  /** From 0. */
  readonly reading: number;
  /** How often `*` was pressed. */
  readonly repeats: number;
}

interface AwaitingVerdict {
  readonly phase: 'awaiting-verdict';
  readonly repeats: number;
}

type Step = ScriptStep<SpokenState>;

/**
 * The phone speaks the code, the visitor types it on the page (patent, claims 3, 8 and 9).
 *
 *   gate ─▶ reading ×3 ─▶ awaiting the page's verdict ─▶ verdict, goodbye
 *               ▲   `*`        │
 *               └──────────────┘
 *
 * The state never holds the code.
 */
export function createSpokenScript({ code, gateAskings, limits }: SpokenScriptOptions): CallScript<SpokenState> {
  const gate = gateAskings && createGate(gateAskings, limits);
  const first = digitPrompts(code, FIRST_PACE);
  const slower = digitPrompts(code, SLOW_PACE);

  return {
    initial: { phase: 'idle' },

    step(state, event) {
      if (state.phase === 'farewell' || state.phase === 'over') return stepFarewell(state, event);
      if (event.type === 'told' && event.verdict !== 'wrong-code') return tell(event.verdict);
      if (state.phase === 'idle') {
        if (event.type !== 'started') return { state, actions: [] };
        return gate ? fromGate(gate.open()) : read({ reading: 0, repeats: 0 }, ['code-intro']);
      }
      if (state.phase === 'gate') return gate ? fromGate(gate.step(state.gate, event)) : { state, actions: [] };
      if (state.phase === 'reading' && event.type === 'played') return afterReading(state);
      if (state.phase === 'awaiting-verdict' && event.type === 'waited') return sayGoodbye('completed');
      return sayAgain(state, event);
    },
  };

  /** What follows is a `play` of its own, so that the code counts as delivered with its last digit. */
  function afterReading({ reading, repeats }: Reading): Step {
    const next = reading + 1;
    const intro = INTROS[next];
    const { state, actions } = intro ? read({ reading: next, repeats }, intro) : awaitVerdict(repeats);
    return { state, actions: [{ type: 'code-delivered' }, ...actions] };
  }

  /** `*`: the code once more, now. */
  function sayAgain(state: Reading | AwaitingVerdict, event: ScriptEvent): Step {
    if (event.type !== 'key' || event.key !== '*' || state.repeats >= REPEATS) return { state, actions: [] };
    const reading = state.phase === 'reading' ? state.reading : INTROS.length - 1;
    return read({ reading, repeats: state.repeats + 1 }, ['code-repeat']);
  }

  function read(which: Pick<Reading, 'reading' | 'repeats'>, intro: Utterance): Step {
    const isFirst = which.reading === 0 && which.repeats === 0;
    return {
      state: { phase: 'reading', ...which },
      actions: [
        { type: 'stop-waiting' },
        { type: 'progress', state: 'speaking' },
        { type: 'play', utterance: [...intro, { pause: 300 }, ...(isFirst ? first : slower)] },
      ],
    };
  }

  function fromGate(step: GateStep): Step {
    if ('passed' in step) return read({ reading: 0, repeats: 0 }, ['code-intro']);
    if ('refused' in step) return giveUp(step.refused, step.heard);
    return { state: { phase: 'gate', gate: step.gate }, actions: step.actions };
  }
}

function awaitVerdict(repeats: number): Step {
  return { state: { phase: 'awaiting-verdict', repeats }, actions: [{ type: 'wait', ms: VERDICT_WAIT }] };
}
