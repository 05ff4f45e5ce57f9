import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScriptEvent } from '../../../sip-gateway/scripts/call-script.ts';
import { mayRepeatGate } from '../../../sip-gateway/scripts/gate.ts';
import { codeKeys, createKeypadScript } from '../../../sip-gateway/scripts/keypad.ts';
import { afterOpening } from '../../../sip-gateway/scripts/opening.ts';
import { withReportKey } from '../../../sip-gateway/scripts/report-key.ts';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { Conversation } from './conversation.ts';

const GATE = ['7', '2', '5'] as const;
/** None can be opened with one key. */
const GATE_OF_TWO = ['72', '25', '57'] as const;
const limits = { firstKey: 10_000, nextKey: 5000 };

const keypad = () => new Conversation(createKeypadScript({ codeLength: 4, limits }));
const spoken = () => new Conversation(createSpokenScript({ code: '4829', limits }));
const gatedKeypad = () => new Conversation(createKeypadScript({ codeLength: 4, gateAskings: GATE, limits }));
const gatedSpoken = () => new Conversation(createSpokenScript({ code: '4829', gateAskings: GATE, limits }));
const keypadBehindTwo = () => new Conversation(createKeypadScript({ codeLength: 4, gateAskings: GATE_OF_TWO, limits }));
const openedKeypad = (gateAskings: readonly string[] = GATE) =>
  new Conversation(
    afterOpening(['greeting'], createKeypadScript({ codeLength: 4, gateAskings, limits }), {
      mayRepeat: mayRepeatGate,
    }),
  );
const impatientKeypad = () =>
  new Conversation(afterOpening(['greeting'], createKeypadScript({ codeLength: 4, limits }), { bargeIn: true }));

const reportableKeypad = () =>
  new Conversation(
    withReportKey(createKeypadScript({ codeLength: 4, gateAskings: GATE, limits }), { key: '9', codeKeys }),
  );
const reportableSpoken = () =>
  new Conversation(
    withReportKey(createSpokenScript({ code: '4829', gateAskings: GATE, limits }), {
      key: '9',
      codeKeys: () => undefined,
    }),
  );

const EVERY_SCRIPT = [
  ['keypad', keypad],
  ['spoken', spoken],
  ['keypad behind a gate', gatedKeypad],
  ['spoken behind a gate', gatedSpoken],
  ['keypad behind a gate of two digits', keypadBehindTwo],
  ['keypad behind a gate, after its opening', () => openedKeypad()],
  ['keypad behind a gate of two digits, after its opening', () => openedKeypad(GATE_OF_TWO)],
  ['keypad whose opening may be cut short', impatientKeypad],
  ['keypad with a report key', reportableKeypad],
  ['spoken with a report key', reportableSpoken],
] as const;

const verdict = fc.constantFrom('verified', 'wrong-code', 'locked', 'expired', 'canceled', 'failed');
const keyOf = (keys: readonly string[]) => fc.record({ type: fc.constant('key'), key: fc.constantFrom(...keys) });
const otherEvents: readonly fc.WeightedArbitrary<ScriptEvent>[] = [
  { weight: 20, arbitrary: fc.constant({ type: 'played' }) },
  { weight: 8, arbitrary: fc.constant({ type: 'waited' }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('code-verdict'), verdict }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('told'), verdict }) },
  { weight: 4, arbitrary: fc.constant({ type: 'quiet' }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('report-answer'), kept: fc.boolean() }) },
];
const anyKey = keyOf(Array.from('0123456789*#ABCD'));
const wrongKey = keyOf(Array.from('0134689*#ABCD'));
const anyEvents = fc.array(
  fc.oneof({ weight: 14, arbitrary: anyKey }, { weight: 14, arbitrary: keyOf(GATE) }, ...otherEvents),
  { maxLength: 60 },
);
const withKeys = (arbitrary: typeof anyKey) =>
  fc.array(fc.oneof({ weight: 20, arbitrary }, ...otherEvents), { maxLength: 60 });
const eventsWithoutTheGatesKeys = withKeys(wrongKey);

type AnyConversation = ReturnType<(typeof EVERY_SCRIPT)[number][1]>;

/** What is played or waited for ends only if there is such a thing, as in a real call. */
function play(call: AnyConversation, events: readonly ScriptEvent[]): AnyConversation {
  call.start();
  for (const event of events) {
    if (event.type === 'played') {
      if (call.saying !== undefined) call.hearOut();
    } else if (event.type === 'waited') {
      if (call.waitingFor !== undefined) call.keepSilent();
    } else {
      call.happens(event);
    }
  }
  return call;
}

describe.each(EVERY_SCRIPT)('whatever happens in a call, %s', (_, script) => {
  it('hangs up once at most, and says nothing after', () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, (events, later) => {
        const call = play(script(), events);
        fc.pre(call.hangUps > 0);
        call.heard();
        for (const event of later) call.happens(event);
        expect([call.hangUps, call.heard()]).toEqual([1, []]);
      }),
    );
  });

  it('throws at no order of events, possible or not', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const call = script();
        for (const event of events) call.happens(event);
        expect(call.hangUps).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never falls silent without waiting for something, and comes to an end when left alone', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const call = play(script(), events);
        for (let patience = 0; patience < 50 && call.hangUps === 0; patience++) {
          if (call.saying === undefined) call.keepSilent();
          else call.hearOut();
        }
        expect(call.hangUps).toBe(1);
      }),
    );
  });
});

describe.each([
  ['keypad', gatedKeypad],
  ['spoken', gatedSpoken],
  ['keypad with a report key', reportableKeypad],
  ['spoken with a report key', reportableSpoken],
] as const)('without the gate’s key, %s', (_, script) => {
  it('says no two digits in a row', () => {
    fc.assert(
      fc.property(eventsWithoutTheGatesKeys, (events) => {
        expect(play(script(), events).heard().join('\n')).not.toMatch(/digit-\d .*digit-\d/);
      }),
    );
  });

  it('takes and delivers no code', () => {
    fc.assert(
      fc.property(eventsWithoutTheGatesKeys, (events) => {
        const call = play(script(), events);
        expect([call.submitted, call.codeDelivered]).toEqual([[], 0]);
      }),
    );
  });
});

describe('with one of the two keys of each asking, keypad behind a gate of two digits', () => {
  it('takes no code', () => {
    fc.assert(
      fc.property(withKeys(keyOf(Array.from('777701346*#A'))), (events) => {
        expect(play(openedKeypad(GATE_OF_TWO), events).submitted).toEqual([]);
      }),
    );
  });
});
