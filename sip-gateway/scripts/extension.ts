import type { ExtensionPart } from '../../server/verification/ports.ts';
import type { CallScript, ScriptAction, ScriptStep } from './call-script.ts';

export type ExtensionState<State> =
  | { readonly phase: 'idle' }
  | { readonly phase: 'dialling' }
  | { readonly phase: 'over' }
  | { readonly phase: 'talking'; readonly script: State; readonly round: number; readonly somebodyThere: boolean };

/**
 * A call to a company line: keys the extension to the switchboard that answered, and then begins as if the phone had
 * just been picked up.
 *
 * Who listens then is unknown: a menu, music, a phone that rings, the person. So whatever the script says until it
 * first waits for a key is said anew, from who calls and why, whenever that wait was in vain, as long as there are
 * rounds left (`rounds`: the same script, each with random digits of its own). A key shows that somebody is there, and so does
 * a code that was spoken to its end, which without the gate is all there is to go by. Keys that come back from the
 * switchboard while we key do nothing.
 */
export function afterExtension<State>(
  parts: readonly ExtensionPart[],
  rounds: readonly CallScript<State>[],
): CallScript<ExtensionState<State>> {
  type Step = ScriptStep<ExtensionState<State>>;

  function begin(round: number, now: number): Step {
    const script = rounds[round];
    if (!script) return { state: { phase: 'idle' }, actions: [] };
    const { state, actions } = script.step(script.initial, { type: 'started' }, now);
    return { state: { phase: 'talking', script: state, round, somebodyThere: false }, actions };
  }

  return {
    initial: { phase: 'idle' },

    step(state, event, now): Step {
      if (state.phase === 'idle' && event.type === 'started') {
        return { state: { phase: 'dialling' }, actions: [{ type: 'dial', parts }] };
      }
      if (state.phase === 'dialling' && event.type === 'dialled') {
        const { state: begun, actions } = begin(0, now);
        return { state: begun, actions: [{ type: 'listen' }, ...actions] };
      }
      if (state.phase !== 'talking') {
        // Nobody who could be told: the verification is over, and so is the call.
        const isOver = state.phase !== 'over' && event.type === 'told' && event.verdict !== 'wrong-code';
        return isOver
          ? { state: { phase: 'over' }, actions: [{ type: 'hang-up', outcome: 'canceled' }] }
          : { state, actions: [] };
      }
      const isInVain = event.type === 'waited' && !state.somebodyThere;
      if (isInVain && state.round + 1 < rounds.length) {
        const { state: begun, actions } = begin(state.round + 1, now);
        return { state: begun, actions: [{ type: 'stop-waiting' }, ...actions] };
      }
      const script = rounds[state.round];
      if (!script) return { state, actions: [] };
      const next = script.step(state.script, event, now);
      const somebodyThere = state.somebodyThere || event.type === 'key' || next.actions.some(showsSomebody);
      return { state: { ...state, script: next.state, somebodyThere }, actions: next.actions };
    },
  };
}

function showsSomebody({ type }: ScriptAction): boolean {
  return type === 'code-delivered';
}
