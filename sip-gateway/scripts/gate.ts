import type { PromptName, Utterance } from '../prompts/prompt-name.ts';
import type { Key, ScriptAction, ScriptEvent } from './call-script.ts';
import { digitPrompt, isDigit } from './utterances.ts';

/**
 * The gate: one random digit, only ever spoken, that must be pressed before a code is accepted or spoken.
 * A voicemail cannot press it; a greeting recorded from key tones, or a visitor who sees the code on
 * the page, cannot know it (verification-field notes §4.4). Each asking has a digit of its own, and keys count
 * only once that digit is being said.
 */
export interface Gate {
  /** Which asking this is, from 0. */
  readonly asking: number;
  /** `asked`: the digit is being said, or has been. */
  readonly step: 'leading-in' | 'asked';
}

export type GateStep =
  | { readonly gate: Gate; readonly actions: readonly ScriptAction[] }
  /** The right key. */
  | { readonly passed: true }
  /** Asked often enough; the last answer was another digit, or silence. */
  | { readonly refused: 'wrong-code' | 'no-input' };

export interface GateKeeper {
  open(): GateStep;
  step(gate: Gate, event: ScriptEvent): GateStep;
}

/**
 * `digits` are the random digits, one for each asking: as many as there are, so often it is asked.
 * `firstKey`: how long to wait for the key, in milliseconds.
 */
export function createGate(digits: readonly Key[], firstKey: number): GateKeeper {
  const prompts = digits.map(digitPrompt);

  function askAgain(gate: Gate, phrase: PromptName): GateStep | undefined {
    return gate.asking + 1 < digits.length ? ask(gate.asking + 1, [phrase]) : undefined;
  }

  return {
    open: () => ask(0, ['gate-ask']),

    step(gate, event) {
      const unchanged: GateStep = { gate, actions: [] };
      if (event.type === 'played') {
        const prompt = prompts[gate.asking];
        if (gate.step === 'asked' || prompt === undefined) return { gate, actions: [{ type: 'wait', ms: firstKey }] };
        return { gate: { ...gate, step: 'asked' }, actions: [{ type: 'play', utterance: [prompt] }] };
      }
      if (gate.step !== 'asked') return unchanged;
      if (event.type === 'waited') return askAgain(gate, 'gate-still-there') ?? { refused: 'no-input' };
      if (event.type !== 'key' || !isDigit(event.key)) return unchanged;
      if (event.key === digits[gate.asking]) return { passed: true };
      return askAgain(gate, 'gate-wrong') ?? { refused: 'wrong-code' };
    },
  };
}

function ask(asking: number, utterance: Utterance): GateStep {
  return {
    gate: { asking, step: 'leading-in' },
    actions: [{ type: 'stop-waiting' }, { type: 'progress', state: 'gate' }, { type: 'play', utterance }],
  };
}
