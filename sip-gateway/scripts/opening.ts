import type { Utterance } from '../prompts/prompt-name.ts';
import type { CallScript, ScriptEvent, ScriptStep } from './call-script.ts';
import { isDigit } from './utterances.ts';

export interface OpeningOptions<State> {
  /**
   * A digit cuts the opening short and is the script's first key: for whoever knows what the call is about, where
   * nothing has to be heard before a code counts (no gate, nothing that is approved).
   */
  readonly bargeIn?: boolean;
  /** Where the script asks again at `*`: there the opening is said again first. */
  readonly mayRepeat?: (state: State) => boolean;
}

export type OpeningState<State> =
  | { readonly phase: 'idle' }
  | { readonly phase: 'opening' }
  | { readonly phase: 'opened'; readonly script: State }
  | { readonly phase: 'repeating'; readonly script: State };

/**
 * Who calls and why is said before anything else, and to its end: keys do nothing until then, so that no code is
 * spoken or accepted before the person has heard what it is for. Then the script begins.
 */
export function afterOpening<State>(
  opening: Utterance,
  script: CallScript<State>,
  { bargeIn = false, mayRepeat = () => false }: OpeningOptions<State> = {},
): CallScript<OpeningState<State>> {
  type Step = ScriptStep<OpeningState<State>>;

  return {
    initial: { phase: 'idle' },

    step(state, event, now) {
      if (state.phase === 'opened') {
        const isRepeat = event.type === 'key' && event.key === '*' && mayRepeat(state.script);
        return isRepeat ? repeat(state.script) : opened(script.step(state.script, event, now));
      }
      if (event.type === 'told' && event.verdict !== 'wrong-code') {
        return opened(script.step(state.phase === 'repeating' ? state.script : script.initial, event, now));
      }
      if (state.phase === 'idle' && event.type === 'started') {
        return { state: { phase: 'opening' }, actions: [{ type: 'play', utterance: opening }] };
      }
      if (state.phase === 'idle') return { state, actions: [] };
      if (bargeIn && event.type === 'key' && isDigit(event.key)) {
        const begun = begin(now);
        const keyed = script.step(begun.state, event, now);
        return opened({ state: keyed.state, actions: [...begun.actions, ...keyed.actions] });
      }
      if (event.type !== 'played') return { state, actions: [] };
      return spoken(state.phase === 'repeating' ? script.step(state.script, STAR, now) : begin(now));
    },
  };

  function begin(now: number): ScriptStep<State> {
    return script.step(script.initial, { type: 'started' }, now);
  }

  function repeat(state: State): Step {
    return {
      state: { phase: 'repeating', script: state },
      actions: [{ type: 'stop-waiting' }, { type: 'play', utterance: opening }],
    };
  }
}

/** What had the opening said again; the script hears of it when it is its turn to speak. */
const STAR: ScriptEvent = { type: 'key', key: '*' };

function spoken<State>(step: ScriptStep<State>): ScriptStep<OpeningState<State>> {
  const { state, actions } = opened(step);
  return { state, actions: [{ type: 'opening-spoken' }, ...actions] };
}

function opened<State>({ state, actions }: ScriptStep<State>): ScriptStep<OpeningState<State>> {
  return { state: { phase: 'opened', script: state }, actions };
}
