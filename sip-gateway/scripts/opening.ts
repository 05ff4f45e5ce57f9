import type { Utterance } from '../prompts/prompt-name.ts';
import type { CallScript, ScriptStep } from './call-script.ts';

export type OpeningState<State> =
  { readonly phase: 'idle' } | { readonly phase: 'opening' } | { readonly phase: 'opened'; readonly script: State };

/**
 * Who calls and why is said before anything else, and to its end: keys do nothing until then, so that no code is
 * spoken or accepted before the person has heard what it is for. Then the script begins.
 */
export function afterOpening<State>(opening: Utterance, script: CallScript<State>): CallScript<OpeningState<State>> {
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
      if (state.phase === 'idle' || event.type !== 'played') return { state, actions: [] };
      const { state: begun, actions } = opened(script.step(script.initial, { type: 'started' }, now));
      return { state: begun, actions: [{ type: 'opening-spoken' }, ...actions] };
    },
  };
}

function opened<State>({ state, actions }: ScriptStep<State>): ScriptStep<OpeningState<State>> {
  return { state: { phase: 'opened', script: state }, actions };
}
