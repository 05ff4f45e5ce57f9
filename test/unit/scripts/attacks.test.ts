import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../server/rules/call-limits.ts';
import { mayRepeatGate } from '../../../sip-gateway/scripts/gate.ts';
import { codeKeys, createKeypadScript } from '../../../sip-gateway/scripts/keypad.ts';
import { afterOpening } from '../../../sip-gateway/scripts/opening.ts';
import { withReportKey } from '../../../sip-gateway/scripts/report-key.ts';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { openingOf } from '../../../sip-gateway/scripts/utterances.ts';
import { Conversation } from './conversation.ts';

/** The page shows it, so whoever attacks knows it. */
const CODE = '482913';
const limits = { firstKey: 10_000, nextKey: 5_000 };
const opening = openingOf({ reportKey: '9' });
/** How often a gate asks. */
const ASKINGS = 3;
/** The digits that a gate can ask for beside the report key. */
const DIGITS = Array.from('012345678');

function keypad(gateAskings: readonly string[]) {
  const gated = createKeypadScript({ codeLength: CODE.length, gateAskings, limits });
  const script = afterOpening(opening, gated, { mayRepeat: mayRepeatGate });
  return new Conversation(
    withReportKey(script, {
      key: '9',
      codeKeys: (state) => (state.phase === 'opened' ? codeKeys(state.script) : undefined),
    }),
  );
}

function spoken(gateAskings: readonly string[]) {
  const script = afterOpening(opening, createSpokenScript({ code: CODE, gateAskings, limits }));
  return new Conversation(withReportKey(script, { key: '9', codeKeys: () => undefined }));
}

type Call = ReturnType<typeof keypad> | ReturnType<typeof spoken>;

/** Every asking of so many digits that can be. */
function askingsOf(digits: number): readonly string[] {
  return digits === 0 ? [''] : askingsOf(digits - 1).flatMap((rest) => DIGITS.map((digit) => rest + digit));
}

/** Every gate of one digit that can be: 9 × 9 × 9. */
const GATES = DIGITS.flatMap((one) => DIGITS.flatMap((two) => DIGITS.map((three) => [one, two, three])));

/** Answers with a recording that plays these tones whenever we are silent, to the end of the call. */
function answerWith(call: Call, tones: string): Call {
  call.start();
  while (call.outcome === undefined) {
    if (call.saying !== undefined) {
      call.hearOut();
      continue;
    }
    call.press(tones).codeIs(call.submitted.includes(CODE) ? 'verified' : 'wrong-code');
    if (call.saying === undefined) call.keepSilent();
  }
  return call;
}

/** The code as it would be spoken. */
const SPOKEN = Array.from(CODE, (digit) => `digit-${digit}`).join(' ');

describe('a voicemail that answers and records', () => {
  it('records no digit but those of the gate', () => {
    const call = answerWith(spoken(['7', '2', '5']), '');
    expect(call.heard().filter((words) => words.includes('digit-'))).toEqual([
      'greeting operator-name report-hint digit-9',
      'digit-7',
      'digit-2',
      'digit-5',
    ]);
    expect([call.codeDelivered, call.outcome]).toEqual([0, 'no-input']);
  });

  it('keys no code', () => {
    const call = answerWith(keypad(['7', '2', '5']), '');
    expect([call.submitted, call.outcome]).toEqual([[], 'no-input']);
  });
});

describe('a greeting of key tones', () => {
  it('that keys the code again and again guesses with its first digit, and verifies where that is the gate’s', () => {
    const passed = GATES.filter((gate) => answerWith(keypad(gate), CODE).submitted.includes(CODE));
    expect(passed).toEqual(GATES.filter((gate) => gate.includes(CODE[0] ?? '')));
  });

  it('that keys the code over all our prompts submits nothing before the gate is open', () => {
    const call = keypad(['7', '2', '5']).start().press(CODE).hearOut().press(CODE).hearOut().press('1').press(CODE);
    expect(call.submitted).toEqual([]);
  });

  it.each([
    ['the same digit each time', () => '5'],
    ['another one each time', (asking: number) => '518'[asking] ?? '0'],
  ])('that guesses %s passes 217 of the 729 gates', (_, guess) => {
    let passed = 0;
    for (const gate of GATES) {
      const call = keypad(gate).start().hearOut();
      for (let asking = 0; asking < 3 && call.saying !== 'keypad-ask'; asking += 1) call.listen().press(guess(asking));
      if (call.saying === 'keypad-ask') passed += 1;
    }
    expect(passed).toBe(9 ** 3 - 8 ** 3);
  });

  it('gets one guess for each asking, however many keys it plays', () => {
    const call = keypad(['7', '2', '5']).start().hearOut().listen().press('012345678');
    expect(call.saying).toBe('gate-wrong');
  });

  it('that keys the code passes a gate of two digits where the code begins with them', () => {
    const passed = askingsOf(2).filter((first) => answerWith(keypad([first, '00', '11']), CODE).submitted.length > 0);
    expect(passed).toEqual([CODE.slice(0, 2)]);
  });

  it('that has the digits said again with a star learns nothing of its guess, and has no more of them', () => {
    const call = keypad(['47', '25', '31']).start().hearOut();
    for (const guess of ['5*', '5*', '5*5', '55', '55']) call.listen().press(guess);
    expect([call.listen().outcome, call.submitted]).toEqual(['wrong-code', []]);
  });

  it('that guesses wrong hears no code', () => {
    const call = answerWith(spoken(['7', '2', '5']), '1');
    expect(call.heard().join(' ')).not.toContain(SPOKEN);
    expect(call.outcome).toBe('wrong-code');
  });
});

/** A row of the table in docs/gate.md, by playing a guess against every asking of so many digits. */
function rowOf(digits: number): string {
  const guess = '5184'.slice(0, digits);
  const askings = askingsOf(digits);
  const passed = askings.filter((asking) => keypad([asking]).start().listen().press(guess).saying === 'keypad-ask');
  const wrong = 1 - passed.length / askings.length;
  const [, anHour, aDay] = DEFAULT_LIMITS.number.map(({ calls }) => calls);
  const guesses = [1, ASKINGS, ASKINGS * (anHour ?? 0), ASKINGS * (aDay ?? 0)];
  const chances = guesses.map((count) => `${Number((100 * (1 - wrong ** count)).toPrecision(2))} %`);
  return `| ${[digits, ...chances].join(' | ')} |`;
}

describe('docs/gate.md', () => {
  const page = readFileSync(new URL('../../../docs/gate.md', import.meta.url), 'utf8');

  it.each([1, 2, 3, 4])('says how likely a guess passes a gate of %i digits', (digits) => {
    expect(page.split('\n')).toContain(rowOf(digits));
  });
});

describe('a machine that repeats what it hears', () => {
  it.each([[['7', '2', '5']], [['47', '25', '31']], [['4715', '2503', '3168']]])(
    'is always one digit late, and learns nothing (%j)',
    (askings) => {
      let heardBefore = '';
      const call = spoken(askings).start();
      while (call.outcome === undefined) {
        const said = /digit-(\d)$/.exec(call.saying ?? '')?.[1];
        if (call.saying !== undefined && !call.saying.includes('report-hint')) call.press(heardBefore);
        if (said !== undefined && !(call.saying ?? '').includes('report-hint')) heardBefore = said;
        if (call.saying !== undefined) call.hearOut();
        else call.keepSilent();
      }
      expect([call.codeDelivered, call.reports]).toEqual([0, 0]);
    },
  );

  it('that presses the nine of the greeting has reported the call: it is not rung again', () => {
    expect(spoken(['7', '2', '5']).start().hearOut().press('9').keepQuiet().reports).toBe(1);
  });
});

describe('call screening that answers, listens and writes down', () => {
  it('hears who calls and why before anything else', () => {
    expect(spoken(['7', '2', '5']).start().saying).toMatch(/^greeting operator-name/);
  });

  it('lets the person through, who passes at the next asking', () => {
    const call = spoken(['7', '2', '5']).start().listen().keepSilent().listen().press('2').hearOut();
    expect(call.heard().at(-2)).toBe(`code-intro ${SPOKEN}`);
  });
});

/** All that leaves the script but sound, with the state behind it. */
function traceOf(digits: string) {
  const call = keypad([digits, '22', '55']).start().listen();
  const asked = JSON.stringify(call.state);
  call.press(digits).listen().press(CODE).codeIs('verified').listen();
  return { asked, progress: call.progress, submitted: call.submitted, outcome: call.outcome };
}

describe('the digit of the gate', () => {
  it('is in no message and no state: all of them are the same whichever it is', () => {
    const [first, ...others] = DIGITS.map(traceOf);
    expect(new Set(others.map((trace) => JSON.stringify(trace)))).toEqual(new Set([JSON.stringify(first)]));
  });

  it('is in none of them where there are two', () => {
    const [first, ...others] = askingsOf(2).map(traceOf);
    expect(new Set(others.map((trace) => JSON.stringify(trace)))).toEqual(new Set([JSON.stringify(first)]));
  });

  it('is not taken for a key of the code', () => {
    const call = keypad(['4', '2', '5']).start().listen().press('4').press(CODE);
    expect(call.submitted).toEqual([CODE]);
  });

  it('does not count before it is said, not even while it is being asked for', () => {
    const call = keypad(['4', '2', '5']).start().press('4').hearOut().press('4');
    expect(call.listen().waitingFor).toBe(10_000);
  });
});
