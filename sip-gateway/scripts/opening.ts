import type { Utterance } from '../prompts/prompt-name.ts';
import type { CallScript, ScriptStep } from './call-script.ts';
import { isDigit } from './utterances.ts';

export interface OpeningOptions {
  /**
   * A digit cuts the opening short and is the script's first key: for whoever knows what the call is about, where
   * nothing has to be heard before a code counts (no gate, nothing that is approved).
   */
  readonly bargeIn?: boolean;
}

export type OpeningState<State> =
  { readonly phase: 'idle' } | { readonly phase: 'opening' } | { readonly phase: 'opened'; readonly script: State };

/**
 * Who calls and why is said before anything else, and to its end: keys do nothing until then, so that no code is
 * spoken or accepted before the person has heard what it is for. Then the script begins.
 */
export function afterOpening<State>(
  opening: Utterance,
  script: CallScript<State>,
  { bargeIn = false }: OpeningOptions = {},
): CallScript<OpeningState<State>> {
  return {
    initial: { phase: 'idle' },

    step(state, event, now) {
      if (state.phase === 'opened') return opened(script.step(state.script, event, now));
      if (event.type === 'told' && event.verdict !== 'wrong-code') {
        return opened(script.step(script.initial, event, now));
      }
      if (state.phase === 'idle' && event.type === 'started') {
        return { state: { phase: 'opening' }, actions: [{ type: 'play', utterance: opening }] };
      }
      if (state.phase === 'idle') return { state, actions: [] };
      if (bargeIn && event.type === 'key' && isDigit(event.key)) {
        const begun = script.step(script.initial, { type: 'started' }, now);
        const keyed = script.step(begun.state, event, now);
        return opened({ state: keyed.state, actions: [...begun.actions, ...keyed.actions] });
      }
      if (event.type !== 'played') return { state, actions: [] };
      const { state: begun, actions } = opened(script.step(script.initial, { type: 'started' }, now));
      return { state: begun, actions: [{ type: 'opening-spoken' }, ...actions] };
    },
  };
}

function opened<State>({ state, actions }: ScriptStep<State>): ScriptStep<OpeningState<State>> {
  return { state: { phase: 'opened', script: state }, actions };
}
