import { randomInt } from 'node:crypto';
import type { CallLimits } from '../../server/telephony/messages.ts';
import type { CallRequest } from '../../server/verification/ports.ts';
import type { Speech } from '../prompts/prompt-name.ts';
import type { CallScript, ScriptAction, ScriptEvent } from '../scripts/call-script.ts';
import { createDialInScript } from '../scripts/dial-in.ts';
import { afterExtension } from '../scripts/extension.ts';
import { codeKeys, createKeypadScript } from '../scripts/keypad.ts';
import { type MaybeAtGate, mayRepeatGate } from '../scripts/gate.ts';
import { afterOpening } from '../scripts/opening.ts';
import { withReportKey } from '../scripts/report-key.ts';
import { createSpokenScript } from '../scripts/spoken.ts';
import { openingOf } from '../scripts/utterances.ts';

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
  /** The payee of the transaction, spoken; absent: it is spelled. */
  readonly payee?: Speech;
}

/** The gate is asked, and asked again twice (docs/policy.md). */
const GATE_ASKINGS = 3;
/** How often a company line is told who calls, until somebody keys: a minute of music and ringing. */
const COMPANY_ROUNDS = 4;

/** The conversation that a call is made for. */
export function conversationFor({ request, limits, now, payee }: ConversationOptions): Conversation {
  const { method, code, codeLength, gateDigits, reportKey, words, extension } = request;
  const gate = () => (gateDigits > 0 ? { gateAskings: drawAskings(gateDigits, reportKey) } : {});
  const opening = openingOf({ ...request, ...(payee && { payee }) });
  const bargeIn = method !== 'spoken' && gateDigits === 0 && !request.transaction && !extension;

  /** `keysOf`: the keys of the code that the script is collecting. */
  function begin<State extends MaybeAtGate>(
    script: () => CallScript<State>,
    keysOf: (state: State) => string | undefined,
  ): Conversation {
    const opened = () => afterOpening(opening, script(), { bargeIn, mayRepeat: mayRepeatGate });
    if (reportKey === undefined) return dial(opened);
    return dial(() =>
      withReportKey(opened(), {
        key: reportKey,
        codeKeys: (state) => {
          if (state.phase === 'opened') return keysOf(state.script);
          // The first digit of a code may cut the opening short.
          return bargeIn && state.phase === 'opening' ? '' : undefined;
        },
      }),
    );
  }

  function dial<State>(script: () => CallScript<State>): Conversation {
    if (!extension) return running(script(), now);
    return running(afterExtension(extension, Array.from({ length: COMPANY_ROUNDS }, script)), now);
  }

  if (method === 'keypad') return begin(() => createKeypadScript({ codeLength, limits, ...gate() }), codeKeys);
  if (method === 'dial-in') {
    return begin(() => createDialInScript({ codeLength, limits, ...(words !== undefined && { words }) }), codeKeys);
  }
  if (code === undefined) throw new TypeError('a spoken call needs a code');
  return begin(
    () => createSpokenScript({ code, limits, ...gate() }),
    () => undefined,
  );
}

/** So many random digits for each asking. The report key cannot open the gate: it says something else. */
function drawAskings(count: number, reportKey: string | undefined): readonly string[] {
  const digits = Array.from('0123456789').filter((digit) => digit !== reportKey);
  const draw = () => digits[randomInt(digits.length)] ?? '';
  return Array.from({ length: GATE_ASKINGS }, () => Array.from({ length: count }, draw).join(''));
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
