import { randomInt } from 'node:crypto';
import type { CallLimits } from '../../server/telephony/messages.ts';
import type { CallRequest } from '../../server/verification/ports.ts';
import type { CallScript, ScriptAction, ScriptEvent } from '../scripts/call-script.ts';
import { createKeypadScript } from '../scripts/keypad.ts';
import { afterOpening } from '../scripts/opening.ts';
import { createSpokenScript } from '../scripts/spoken.ts';
import { GREETING } from '../scripts/utterances.ts';

/** A call script under way, whatever its state looks like. */
export interface Conversation {
  /** What is to be done now that this has happened. */
  step(event: ScriptEvent): readonly ScriptAction[];
}

export interface ConversationOptions {
  readonly request: CallRequest;
  readonly limits: CallLimits;
  /** Milliseconds. */
  readonly now: () => number;
}

/** The gate is asked, and asked again twice (docs/policy.md). */
const GATE_ASKINGS = 3;

/** The conversation that a call is made for. */
export function conversationFor({ request, limits, now }: ConversationOptions): Conversation {
  const gate = request.gate ? { gateDigits: Array.from({ length: GATE_ASKINGS }, () => String(randomInt(10))) } : {};
  if (request.method === 'keypad') {
    return running(
      afterOpening(GREETING, createKeypadScript({ codeLength: request.codeLength, limits, ...gate })),
      now,
    );
  }
  if (request.code === undefined) throw new TypeError('a spoken call needs a code');
  return running(afterOpening(GREETING, createSpokenScript({ code: request.code, limits, ...gate })), now);
}

function running<State>(script: CallScript<State>, now: () => number): Conversation {
  let state = script.initial;
  return {
    step(event) {
      const next = script.step(state, event, now());
      state = next.state;
      return next.actions;
    },
  };
}
