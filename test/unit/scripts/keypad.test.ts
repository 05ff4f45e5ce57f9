import { describe, expect, it } from 'vitest';
import { createKeypadScript } from '../../../sip-gateway/scripts/keypad.ts';
import { Conversation } from './conversation.ts';

const limits = { firstKey: 10_000, nextKey: 5000 };
const open = () => new Conversation(createKeypadScript({ codeLength: 6, limits }));
const gated = (gateAskings = ['7', '2', '5']) =>
  new Conversation(createKeypadScript({ codeLength: 6, gateAskings, limits }));

describe('the keypad script without a gate', () => {
  it('asks for the code at once', () => {
    expect(open().start().heard()).toEqual(['keypad-ask']);
  });

  it('submits the code with its last digit', () => {
    expect(open().start().listen().press('482913').submitted).toEqual(['482913']);
  });

  it('does nothing before the person can hear', () => {
    expect(open().press('482913').submitted).toEqual([]);
  });
});

describe('the keypad script behind the gate', () => {
  it('asks for the code once the gate is open', () => {
    expect(gated().start().listen().press('7').saying).toBe('keypad-ask');
  });

  it('takes no code before the gate is open', () => {
    expect(gated().start().press('482913').listen().press('482913').submitted).toEqual([]);
  });

  it.each([
    ['one digit', '7'],
    ['two digits', '47'],
    ['four digits', '4747'],
  ])('takes a code that is keyed right after the gate’s %s, and loses no key', (_, digits) => {
    const call = gated([digits, digits, digits]).start().listen();
    expect(call.press(`${digits}482913`).submitted).toEqual(['482913']);
  });

  it('takes no key of a gate of several digits for the code’s', () => {
    const call = gated(['47', '25', '31']).start().listen().press('47').press('482');
    expect(call.progress.at(-1)).toBe('collecting 3');
  });

  it('tells nothing of its digits to the state of the gate', () => {
    expect(gated().start().listen().state).toEqual(gated(['3', '4', '6']).start().listen().state);
  });
});

describe('keys of the code', () => {
  it('count while the asking is still being said', () => {
    expect(open().start().press('482913').submitted).toEqual(['482913']);
  });

  it('stop the asking', () => {
    expect(open().start().press('4').saying).toBeUndefined();
  });

  it('are waited for ten seconds at first', () => {
    expect(open().start().listen().waitingFor).toBe(10_000);
  });

  it('are waited for five seconds after the first', () => {
    expect(open().start().listen().press('4').waitingFor).toBe(5000);
  });

  it('are counted on the page, never named', () => {
    expect(open().start().press('48').progress).toEqual(['collecting 0', 'collecting 1', 'collecting 2']);
  });

  it('start over after a star', () => {
    expect(open().start().press('99*482913').submitted).toEqual(['482913']);
  });

  it('have ten seconds again after a star', () => {
    expect(open().start().press('99*').waitingFor).toBe(10_000);
  });

  it('do not count beyond the length of the code', () => {
    expect(open().start().press('4829135#').submitted).toEqual(['482913']);
  });

  it('are not letters', () => {
    expect(open().start().press('A48B29C13D').submitted).toEqual(['482913']);
  });
});

describe('a code that is not whole', () => {
  it('is asked for again when no key follows', () => {
    expect(open().start().press('482').keepSilent().saying).toBe('keypad-again');
  });

  it('is asked for again when a hash ends it', () => {
    expect(open().start().press('482#').saying).toBe('keypad-again');
  });

  it('is never submitted', () => {
    expect(open().start().press('482#').submitted).toEqual([]);
  });

  it('ends the call at the third time, and does not say that nothing was heard', () => {
    const call = open().start().press('1#2#3#');
    expect([call.saying, call.listen().outcome]).toEqual(['verdict-failed goodbye', 'no-input']);
  });

  it('begins anew at the next try', () => {
    expect(open().start().press('482#').press('482913').submitted).toEqual(['482913']);
  });

  it('is not ended by a hash before its first digit', () => {
    expect(open().start().press('#482913').submitted).toEqual(['482913']);
  });
});

describe('silence instead of a code', () => {
  it('is answered with the question again', () => {
    expect(open().start().listen().keepSilent().saying).toBe('no-input keypad-ask');
  });

  it('ends the call at the third time', () => {
    const call = open().start().listen().keepSilent().listen().keepSilent().listen().keepSilent().listen();
    expect(call.outcome).toBe('no-input');
  });

  it('is told on the phone before the call ends (patent, claim 7)', () => {
    const call = open().start().listen().keepSilent().listen().keepSilent().listen();
    call.heard();
    expect(call.keepSilent().listen().heard()).toEqual(['no-input verdict-failed goodbye']);
  });
});

describe('a wrong code', () => {
  it('may be tried again', () => {
    expect(open().start().press('111111').codeIs('wrong-code').saying).toBe('keypad-wrong');
  });

  it('is followed by a right one', () => {
    const call = open().start().press('111111').codeIs('wrong-code').press('482913').codeIs('verified').listen();
    expect(call.outcome).toBe('completed');
  });

  it('ends the call at the third time', () => {
    const call = open().start();
    for (let tries = 0; tries < 3; tries++) call.press('111111').codeIs('wrong-code');
    expect(call.listen().outcome).toBe('wrong-code');
  });

  it('is told on the phone before the call ends', () => {
    const call = open().start();
    for (let tries = 0; tries < 3; tries++) call.press('111111').codeIs('wrong-code');
    expect(call.saying).toBe('verdict-failed goodbye');
  });

  it('shares its tries with silence', () => {
    const call = open().start().listen().keepSilent().press('48#').press('111111').codeIs('wrong-code');
    expect(call.listen().outcome).toBe('wrong-code');
  });
});

describe('the verdict on a keyed code', () => {
  it.each([
    ['verified', 'verdict-verified goodbye', 'completed'],
    ['locked', 'verdict-locked goodbye', 'wrong-code'],
    ['expired', 'verdict-expired goodbye', 'no-input'],
    ['canceled', 'verdict-canceled goodbye', 'canceled'],
    ['failed', 'verdict-failed goodbye', 'hung-up'],
  ] as const)('%s is spoken, then the call ends', (verdict, words, outcome) => {
    const call = open().start().press('482913').codeIs(verdict);
    expect([call.saying, call.listen().outcome]).toEqual([words, outcome]);
  });

  it('is shown on the page as a state of the call', () => {
    expect(open().start().press('482913').codeIs('verified').progress.at(-1)).toBe('verdict');
  });

  it('does not leave the person waiting for ever', () => {
    expect(open().start().press('482913').waitingFor).toBe(10_000);
  });

  it('that never comes ends the call with a word', () => {
    const call = open().start().press('482913').keepSilent();
    expect([call.saying, call.listen().outcome]).toEqual(['verdict-failed goodbye', 'hung-up']);
  });

  it('is not given to keys that follow', () => {
    expect(open().start().press('482913').press('482913').submitted).toEqual(['482913']);
  });
});

describe('a verification that ends elsewhere during a keypad call', () => {
  it.each(['gate', 'collecting', 'checking'])('is told at once in the phase %s', (phase) => {
    const call = phase === 'gate' ? gated().start() : open().start();
    if (phase === 'checking') call.press('482913');
    expect(call.pageSays('canceled').saying).toBe('verdict-canceled goodbye');
  });

  it('ends the call with a fitting outcome', () => {
    expect(open().start().pageSays('expired').listen().outcome).toBe('no-input');
  });

  it('does not change a verdict that is being spoken', () => {
    const call = open().start().press('482913').codeIs('verified').pageSays('canceled');
    expect([call.saying, call.listen().outcome]).toEqual(['verdict-verified goodbye', 'completed']);
  });

  it('is told once', () => {
    const call = open().start().pageSays('verified').codeIs('verified').listen();
    expect(call.heard()).toEqual(['keypad-ask', 'verdict-verified goodbye']);
  });
});
