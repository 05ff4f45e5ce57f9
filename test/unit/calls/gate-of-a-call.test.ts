import { describe, expect, it } from 'vitest';
import type { CallRequest } from '../../../server/verification/ports.ts';
import { conversationFor } from '../../../sip-gateway/calls/conversation.ts';
import type { Utterance } from '../../../sip-gateway/prompts/prompt-name.ts';
import type { ScriptEvent } from '../../../sip-gateway/scripts/call-script.ts';
import { aCallRequest } from '../../fakes/a-call-request.ts';

const limits = { ring: 40_000, call: 120_000, media: 5_000, firstKey: 10_000, nextKey: 5_000 };
const WITH_REPORT_KEY = { reportKey: '9' } as const;

/** What is said, one string for each breath, while a call of this request lives through these events. */
function said(changes: Partial<CallRequest>, events: readonly ScriptEvent[]): readonly string[] {
  const conversation = conversationFor({ request: aCallRequest(changes), limits, now: () => 0 });
  return events
    .flatMap((event) => conversation.step(event))
    .flatMap((action) => (action.type === 'play' ? [namesIn(action.utterance).join(' ')] : []));
}

function namesIn(utterance: Utterance): readonly string[] {
  return utterance.flatMap((part) => (typeof part === 'string' ? [part] : []));
}

const STARTED: ScriptEvent = { type: 'started' };
const PLAYED: ScriptEvent = { type: 'played' };
const OPENING = 'greeting operator-name';

/** The digits of the first asking. */
function drawn(changes: Partial<CallRequest>): readonly string[] {
  return said(changes, [STARTED, ...Array.from({ length: 6 }, () => PLAYED)]).slice(2);
}

describe('the gate of a call', () => {
  it.each([1, 2, 3, 4])('asks for as many digits as it is told to: %i', (gateDigits) => {
    expect(drawn({ gateDigits })).toHaveLength(gateDigits);
  });

  it('is not there where it is told to ask for none', () => {
    expect(said({ gateDigits: 0 }, [STARTED, PLAYED])).toEqual([OPENING, 'keypad-ask']);
  });

  it.each([
    ['all digits where there is no report key', {}, '0123456789'],
    ['all digits but the report key', WITH_REPORT_KEY, '012345678'],
  ] as const)('draws from %s', (_, reportKey, all) => {
    const digits = new Set(Array.from({ length: 200 }, () => drawn({ ...reportKey, gateDigits: 4 })).flat());
    expect([...digits].toSorted()).toEqual(Array.from(all, (digit) => `digit-${digit}`));
  });

  it('says who calls again at a star', () => {
    const events = [STARTED, PLAYED, PLAYED, PLAYED, { type: 'key', key: '*' }, PLAYED] as const;
    expect(said({}, events).slice(-2)).toEqual([OPENING, 'gate-ask']);
  });
});
