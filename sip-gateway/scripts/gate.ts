import type { CallLimits } from '../../server/telephony/messages.ts';
import type { PromptName, Utterance } from '../prompts/prompt-name.ts';
import type { Key, ScriptAction, ScriptEvent } from './call-script.ts';
import { digitPrompt, FIRST_PACE, isDigit } from './utterances.ts';

/**
 * The gate: random digits, only ever spoken, that must be pressed before a code is accepted or spoken.
 * A voicemail cannot press them; a greeting recorded from key tones, or a visitor who sees the code on
 * the page, cannot know them (verification-field notes §4.4). Each asking has digits of its own, and the first keys of an
 * asking, as many as it has digits, are the answer. A key counts for a digit that is being said or has been: whoever
 * presses before that has not heard it.
 */
export interface Gate {
  /** Which asking this is, from 0. */
  readonly asking: number;
  /** Which digit is being said: 0 is the phrase that leads in, one more than there are is the silence after the last. */
  readonly saying: number;
  /** How many keys have counted. */
  readonly keyed: number;
  /** So far each key was the digit. */
  readonly isRight: boolean;
  /** How often `*` had it said again. */
  readonly repeats: number;
}

export type GateStep =
  | { readonly gate: Gate; readonly actions: readonly ScriptAction[] }
  /** The right keys. */
  | { readonly passed: true }
  /** Asked often enough; the last answer was other digits, or too few of them, or silence. */
  | { readonly refused: 'wrong-code' | 'no-input'; readonly heard: 'keys' | 'nothing' };

export interface GateKeeper {
  open(): GateStep;
  step(gate: Gate, event: ScriptEvent): GateStep;
}

/** How often `*` may have it all said again, over all askings. */
const REPEATS = 2;

/**
 * `askings` are the random digits of each asking, one or several: as many as there are, so often it is asked. `*` has
 * the same digits said again, and what was keyed of them before does not count.
 */
export function createGate(
  askings: readonly string[],
  { firstKey, nextKey }: Pick<CallLimits, 'firstKey' | 'nextKey'>,
): GateKeeper {
  const utterances = askings.map(oneByOne);

  function askAgain({ asking, repeats }: Gate, phrase: PromptName): GateStep | undefined {
    return asking + 1 < askings.length ? ask({ asking: asking + 1, repeats }, phrase) : undefined;
  }

  function played(gate: Gate): GateStep {
    const next = gate.saying + 1;
    const digit = utterances[gate.asking]?.[next - 1];
    if (digit) return { gate: { ...gate, saying: next }, actions: [{ type: 'play', utterance: digit }] };
    const silence = (utterances[gate.asking]?.length ?? 0) + 1;
    return { gate: { ...gate, saying: silence }, actions: [patience(gate.keyed)] };
  }

  function keyed(gate: Gate, key: Key): GateStep {
    if (key === '*' && gate.repeats < REPEATS) {
      return ask({ asking: gate.asking, repeats: gate.repeats + 1 }, 'gate-ask');
    }
    if (!isDigit(key) || gate.keyed >= gate.saying) return { gate, actions: [] };
    const digits = askings[gate.asking] ?? '';
    const answer = { ...gate, keyed: gate.keyed + 1, isRight: gate.isRight && key === digits[gate.keyed] };
    if (answer.keyed < digits.length) {
      return { gate: answer, actions: gate.saying > digits.length ? [patience(answer.keyed)] : [] };
    }
    if (answer.isRight) return { passed: true };
    return askAgain(gate, 'gate-wrong') ?? { refused: 'wrong-code', heard: 'keys' };
  }

  function patience(keysSoFar: number): ScriptAction {
    return { type: 'wait', ms: keysSoFar === 0 ? firstKey : nextKey };
  }

  return {
    open: () => ask({ asking: 0, repeats: 0 }, 'gate-ask'),

    step(gate, event) {
      if (event.type === 'played') return played(gate);
      if (event.type === 'key') return keyed(gate, event.key);
      const isSilent = gate.saying > (askings[gate.asking]?.length ?? 0);
      if (event.type !== 'waited' || !isSilent) return { gate, actions: [] };
      const heard = gate.keyed === 0 ? 'nothing' : 'keys';
      return askAgain(gate, 'gate-still-there') ?? { refused: 'no-input', heard };
    },
  };
}

/** The state of a script that may be at its gate. */
export interface MaybeAtGate {
  readonly phase: string;
  readonly gate?: Gate;
}

/** Whether a script is at its gate, and `*` has it said again. */
export function mayRepeatGate({ gate }: MaybeAtGate): boolean {
  return gate !== undefined && gate.repeats < REPEATS;
}

/** Each digit in a breath of its own, with time to press it before the next. */
function oneByOne(digits: string): readonly Utterance[] {
  return Array.from(digits, (digit, index) =>
    index + 1 < digits.length ? [digitPrompt(digit), { pause: FIRST_PACE.betweenDigits }] : [digitPrompt(digit)],
  );
}

function ask({ asking, repeats }: Pick<Gate, 'asking' | 'repeats'>, phrase: PromptName): GateStep {
  return {
    gate: { asking, saying: 0, keyed: 0, isRight: true, repeats },
    actions: [{ type: 'stop-waiting' }, { type: 'progress', state: 'gate' }, { type: 'play', utterance: [phrase] }],
  };
}
