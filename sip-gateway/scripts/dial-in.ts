import type { DialInWords } from '../../server/verification/ports.ts';
import type { PromptName } from '../prompts/prompt-name.ts';
import type { CallScript } from './call-script.ts';
import { stepFarewell } from './farewell.ts';
import { createKeypadScript, type KeypadScriptOptions, type KeypadState } from './keypad.ts';

export interface DialInScriptOptions extends Omit<KeypadScriptOptions, 'gateAskings' | 'mayCallAgain'> {
  /** Said in place of asking for a code: the call serves no verification. */
  readonly words?: DialInWords;
}

const WORDS: Readonly<Record<DialInWords, PromptName>> = {
  unknown: 'dial-in-unknown',
  withheld: 'dial-in-withheld',
  'no-code': 'dial-in-no-code',
};

/**
 * A caller keys the code that the page shows. Whoever calls is there, so that nothing is asked before it: a machine
 * that calls by itself would know the code or not.
 *
 *   collecting ─▶ checking ─▶ verdict, goodbye      three tries, as with `keypad`; then only what was wrong is said,
 *                                                   since the code is good for another call
 *   words, goodbye                                  where nothing is waited for
 */
export function createDialInScript({ words, ...options }: DialInScriptOptions): CallScript<KeypadState> {
  if (words === undefined) return createKeypadScript({ ...options, mayCallAgain: true });
  return {
    initial: { phase: 'idle' },
    step(state, event) {
      if (state.phase === 'farewell' || state.phase === 'over') return stepFarewell(state, event);
      if (event.type !== 'started') return { state, actions: [] };
      return {
        state: { phase: 'farewell', outcome: 'rejected' },
        actions: [{ type: 'play', utterance: [WORDS[words], { pause: 300 }, 'goodbye'] }],
      };
    },
  };
}
