import { describe, expect, it } from 'vitest';
import { mayRepeatGate } from '../../../sip-gateway/scripts/gate.ts';
import { codeKeys, createKeypadScript } from '../../../sip-gateway/scripts/keypad.ts';
import { afterOpening } from '../../../sip-gateway/scripts/opening.ts';
import { withReportKey } from '../../../sip-gateway/scripts/report-key.ts';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { openingOf } from '../../../sip-gateway/scripts/utterances.ts';
import { Conversation } from './conversation.ts';

const limits = { firstKey: 10_000, nextKey: 5000 };
const opening = openingOf({ reportKey: '9' });
const gateAskings = ['7', '2', '5'];
const repeated = { mayRepeat: mayRepeatGate };

const keypad = (gate: { gateAskings?: readonly string[] } = { gateAskings }) =>
  new Conversation(
    withReportKey(afterOpening(opening, createKeypadScript({ codeLength: 6, limits, ...gate }), repeated), {
      key: '9',
      codeKeys: (state) => (state.phase === 'opened' ? codeKeys(state.script) : undefined),
    }),
  );
const spoken = () =>
  new Conversation(
    withReportKey(afterOpening(opening, createSpokenScript({ code: '482913', limits, gateAskings })), {
      key: '9',
      codeKeys: () => undefined,
    }),
  );

/** Each prompt of a call, with a call that has come that far. */
const PROMPTS = [
  ['before the first word', () => keypad()],
  ['the greeting', () => keypad().start()],
  ['the question of the gate', () => keypad().start().hearOut()],
  ['the gate of a keypad call', () => keypad().start().listen()],
  ['the greeting that a star had said again', () => keypad().start().listen().press('*').later(2_500)],
  [
    'the second digit of a gate',
    () =>
      keypad({ gateAskings: ['47', '25', '31'] })
        .start()
        .hearOut()
        .hearOut(),
  ],
  ['the gate of a spoken call', () => spoken().start().listen()],
  ['the second asking of the gate', () => keypad().start().listen().press('1').listen()],
  ['the first reading of a code', () => spoken().start().listen().press('7').later(2_500)],
  ['the second reading of a code', () => spoken().start().listen().press('7').hearOut()],
  ['the wait for the page', () => spoken().start().listen().press('7').listen()],
  ['the verdict', () => spoken().start().listen().press('7').hearOut().pageSays('verified')],
  ['the verdict on a keyed code', () => collecting().press('482913').codeIs('verified').later(2_500)],
  ['the farewell after too much silence', () => silentTo(spoken().start().listen())],
] as const;

function collecting() {
  return keypad().start().listen().press('7').listen();
}

function silentTo(call: ReturnType<typeof spoken>) {
  return call.keepSilent().listen().keepSilent().listen().keepSilent();
}

describe('the report key', () => {
  it('is said after who calls, before anything is asked', () => {
    expect(keypad().start().heard()).toEqual(['greeting operator-name report-hint digit-9']);
  });

  it.each(PROMPTS)('is heard during %s', (_, comeSoFar) => {
    expect(comeSoFar().press('9').keepQuiet().reports).toBe(1);
  });

  it.each(PROMPTS)('is heard during %s when the person hangs up right after it', (_, comeSoFar) => {
    expect(comeSoFar().press('9').happens({ type: 'gone' }).reports).toBe(1);
  });

  it.each(PROMPTS)('is heard once during %s however often it is pressed', (_, comeSoFar) => {
    const call = comeSoFar().press('999').keepQuiet().press('99').happens({ type: 'gone' });
    expect(call.reports).toBe(1);
  });

  it('is heard when it is pressed in our very last word', () => {
    const call = spoken().start().listen().press('7').listen().keepSilent().press('9').hearOut();
    expect([call.reports, call.hangUps, call.happens({ type: 'quiet' }).heard().at(-1)]).toEqual([1, 1, 'goodbye']);
  });

  it('stops what is being said', () => {
    expect(keypad().start().press('9').keepQuiet().saying).toBeUndefined();
  });

  it('is thanked for once the number is kept, and ends the call as reported', () => {
    const call = keypad().start().press('9').keepQuiet().happens({ type: 'report-answer', kept: true });
    expect([call.saying, call.listen().outcome]).toEqual(['report-done goodbye', 'reported']);
  });

  it('is promised nothing where the number could not be kept', () => {
    const call = keypad().start().press('9').keepQuiet().happens({ type: 'report-answer', kept: false });
    expect([call.saying, call.listen().outcome]).toEqual(['verdict-failed goodbye', 'reported']);
  });

  it('does not leave the person waiting for ever', () => {
    const call = keypad().start().press('9').keepQuiet();
    expect([call.waitingFor, call.keepSilent().listen().outcome]).toEqual([10_000, 'reported']);
  });

  it('is answered when the person can hear us', () => {
    const call = keypad().press('9').keepQuiet().happens({ type: 'report-answer', kept: true });
    expect([call.heard(), call.start().heard()]).toEqual([[], ['report-done goodbye']]);
  });

  it('is shown on the page as the result', () => {
    expect(keypad().start().hearOut().press('9').keepQuiet().progress).toEqual(['gate', 'verdict']);
  });

  it('lets nothing of the verification be said any more', () => {
    const call = keypad().start().press('9').keepQuiet();
    call.heard();
    expect(call.pageSays('verified').codeIs('verified').heard()).toEqual([]);
  });

  it('is no answer to the gate: not even a wrong one', () => {
    const call = keypad().start().listen();
    call.heard();
    expect(call.press('9').press('7').heard()).toEqual(['keypad-ask']);
  });
});

describe('keys that are no report, though the report key is among them', () => {
  it.each([
    ['a code keyed before it was asked for', () => keypad().start().press('482913')],
    ['such a code that begins with the report key', () => keypad().start().press('948213')],
    ['such a code that ends with it', () => keypad().start().press('482139')],
    [
      'a spoken code that is keyed into the phone',
      () => spoken().start().listen().press('7').hearOut().press('913482'),
    ],
    ['a code keyed at the gate', () => keypad().start().listen().press('948213')],
    ['the last key of a code, pressed twice', () => collecting().press('4821399').codeIs('verified')],
  ])('%s', (_, press) => {
    expect(press().later(3_000).happens({ type: 'quiet' }).happens({ type: 'gone' }).reports).toBe(0);
  });
});

describe('the report key while a code is collected', () => {
  it('is a digit of the code', () => {
    expect(collecting().press('948299').submitted).toEqual(['948299']);
  });

  it('can be all of the code', () => {
    expect(collecting().press('999999').submitted).toEqual(['999999']);
  });

  it('is asked about when it stays alone', () => {
    expect(collecting().press('9').keepQuiet().saying).toBe('report-hint digit-9');
  });

  it('is a report the second time', () => {
    expect(collecting().press('9').keepQuiet().listen().press('9').keepQuiet().reports).toBe(1);
  });

  it('is a report the second time also when the person hangs up right after it', () => {
    expect(collecting().press('9').keepQuiet().press('9').happens({ type: 'gone' }).reports).toBe(1);
  });

  it('is a report at once when a hash says that nothing follows', () => {
    expect(collecting().press('9#').reports).toBe(1);
  });

  it('loses no key of a code whose owner needs time', () => {
    expect(collecting().press('9').keepQuiet().press('48299').submitted).toEqual(['948299']);
  });

  it('loses no key of a code that begins with it twice', () => {
    expect(collecting().press('9').keepQuiet().press('94829').submitted).toEqual(['994829']);
  });

  it('gives as long as for a first key after it was asked about', () => {
    expect(collecting().press('9').keepQuiet().listen().waitingFor).toBe(10_000);
  });

  it('is asked about, and no report, when nothing more is keyed', () => {
    const call = collecting().press('9').keepQuiet().listen().keepSilent();
    expect([call.saying, call.reports]).toEqual(['keypad-again', 0]);
  });

  it('is asked about anew in the next try', () => {
    const call = collecting().press('9').keepQuiet().listen().keepSilent().press('9').keepQuiet();
    expect([call.saying, call.reports]).toEqual(['report-hint digit-9', 0]);
  });

  it('is no report when the call drops after the first key of a code', () => {
    expect(collecting().press('9').happens({ type: 'gone' }).reports).toBe(0);
  });

  it('works without a gate too', () => {
    const call = keypad({}).start().hearOut().press('9').keepQuiet().listen().press('9').keepQuiet();
    expect(call.reports).toBe(1);
  });

  it('is nobody’s any more once the script has hung up', () => {
    const call = collecting().pageSays('verified').listen().press('9').happens({ type: 'quiet' });
    expect([call.hangUps, call.saying, call.reports]).toEqual([1, undefined, 0]);
  });
});
