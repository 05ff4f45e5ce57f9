import type { CallLimits } from '../../server/telephony/messages.ts';
import type { Utterance } from '../prompts/prompt-name.ts';
import type { CallScript, Key, ScriptAction, ScriptEvent, ScriptStep } from './call-script.ts';
import { type Farewell, type Over, giveUp, giveUpForNow, stepFarewell, tell } from './farewell.ts';
import { createGate, type Gate, type GateStep } from './gate.ts';
import { isDigit } from './utterances.ts';

/** How often a whole code may be keyed, or waited for, in one call. */
const TRIES = 3;
/** How long the verification unit may take to answer; it is on this machine, or in this house. Milliseconds. */
const CHECK_LIMIT = 10_000;

export interface KeypadScriptOptions {
  readonly codeLength: number;
  /** What the gate asks for, the random digits of each asking; absent: no gate. */
  readonly gateAskings?: readonly string[];
  readonly limits: Pick<CallLimits, 'firstKey' | 'nextKey'>;
  /** The code stays good when this call brings nothing: the person may call again (`dial-in`). */
  readonly mayCallAgain?: boolean;
}

export type KeypadState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'gate'; readonly gate: Gate }
  | Collecting
  | { readonly phase: 'checking'; readonly triesUsed: number }
  | Farewell
  | Over;

interface Collecting {
  readonly phase: 'collecting';
  readonly keys: string;
  readonly triesUsed: number;
  /** A key stops the prompt that asks for it. */
  readonly speaking: boolean;
}

type Step = ScriptStep<KeypadState>;

/**
 * The phone holder keys the code that the visitor's page shows (patent, claims 2, 6 and 7).
 *
 *   gate ─▶ collecting ─▶ checking ─▶ verdict, goodbye
 *               ▲  wrong, or incomplete │
 *               └───────────────────────┘  three tries
 *
 * Keys count while the asking is still being said. `*` starts the entry over, `#` ends one that is too short.
 */
export function createKeypadScript({
  codeLength,
  gateAskings,
  limits,
  mayCallAgain = false,
}: KeypadScriptOptions): CallScript<KeypadState> {
  const gate = gateAskings && createGate(gateAskings, limits);
  const leave = mayCallAgain ? giveUpForNow : giveUp;

  return {
    initial: { phase: 'idle' },

    step(state, event) {
      if (state.phase === 'farewell' || state.phase === 'over') return stepFarewell(state, event);
      if (event.type === 'told' && event.verdict !== 'wrong-code') return tell(event.verdict);
      if (state.phase === 'idle') {
        if (event.type !== 'started') return { state, actions: [] };
        return gate ? fromGate(gate.open()) : collect(['keypad-ask'], 0);
      }
      if (state.phase === 'gate') return gate ? fromGate(gate.step(state.gate, event)) : { state, actions: [] };
      return state.phase === 'collecting' ? collecting(state, event) : checking(state, event);
    },
  };

  function collecting(state: Collecting, event: ScriptEvent): Step {
    if (event.type === 'key') return keyed(state, event.key);
    if (event.type === 'played' && state.speaking) {
      return { state: { ...state, speaking: false }, actions: [{ type: 'wait', ms: limits.firstKey }] };
    }
    if (event.type !== 'waited') return { state, actions: [] };
    return retry(state, state.keys === '' ? ['no-input', { pause: 200 }, 'keypad-ask'] : ['keypad-again']);
  }

  function keyed(state: Collecting, key: Key): Step {
    if (key === '#') return state.keys === '' ? { state, actions: [] } : retry(state, ['keypad-again']);
    if (key !== '*' && !isDigit(key)) return { state, actions: [] };
    const keys = key === '*' ? '' : state.keys + key;
    const hush: readonly ScriptAction[] = state.speaking ? [{ type: 'stop-playing' }] : [];
    const counted: ScriptAction = { type: 'progress', state: 'collecting', keys: keys.length };
    if (keys.length < codeLength) {
      return {
        state: { ...state, keys, speaking: false },
        actions: [...hush, counted, { type: 'wait', ms: keys === '' ? limits.firstKey : limits.nextKey }],
      };
    }
    return {
      state: { phase: 'checking', triesUsed: state.triesUsed + 1 },
      actions: [...hush, counted, { type: 'wait', ms: CHECK_LIMIT }, { type: 'submit', code: keys }],
    };
  }

  function checking(state: Extract<KeypadState, { phase: 'checking' }>, event: ScriptEvent): Step {
    if (event.type === 'waited') return leave('hung-up');
    if (event.type !== 'code-verdict') return { state, actions: [] };
    if (event.verdict !== 'wrong-code') return tell(event.verdict);
    return state.triesUsed < TRIES ? collect(['keypad-wrong'], state.triesUsed) : leave('wrong-code');
  }

  /** Nothing, or not enough, was keyed: that was a try as well. */
  function retry({ triesUsed, keys }: Collecting, utterance: Utterance): Step {
    if (triesUsed + 1 < TRIES) return collect(utterance, triesUsed + 1);
    return leave('no-input', keys === '' ? 'nothing' : 'keys');
  }
}

/** The keys of the code that is being collected; undefined while none is. */
export function codeKeys(state: KeypadState): string | undefined {
  return state.phase === 'collecting' ? state.keys : undefined;
}

function collect(utterance: Utterance, triesUsed: number): Step {
  return {
    state: { phase: 'collecting', keys: '', triesUsed, speaking: true },
    actions: [
      { type: 'stop-waiting' },
      { type: 'progress', state: 'collecting', keys: 0 },
      { type: 'play', utterance },
    ],
  };
}

function fromGate(step: GateStep): Step {
  if ('passed' in step) return collect(['keypad-ask'], 0);
  if ('refused' in step) return giveUp(step.refused, step.heard);
  return { state: { phase: 'gate', gate: step.gate }, actions: step.actions };
}
