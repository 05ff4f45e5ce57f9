import { describe, expect, it } from 'vitest';
import type { Utterance } from '../../../sip-gateway/prompts/prompt-name.ts';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { Conversation } from './conversation.ts';

const limits = { firstKey: 10_000, nextKey: 5_000 };
const DIGITS = 'digit-4 digit-8 digit-2 digit-9 digit-1 digit-3';
const open = () => new Conversation(createSpokenScript({ code: '482913', limits }));
const gated = () => new Conversation(createSpokenScript({ code: '482913', gateAskings: ['7', '2', '5'], limits }));

/** The call while its code is read for the n-th time. */
function reading(n: number, code = '482913') {
  const call = new Conversation(createSpokenScript({ code, limits })).start();
  for (let heard = 1; heard < n; heard++) call.hearOut();
  return call;
}

/** Between the first digit and the last. */
function silencesWithin(utterance: Utterance): readonly number[] {
  const first = utterance.findIndex((part) => typeof part === 'string' && part.startsWith('digit-'));
  return utterance.slice(first).flatMap((part) => (typeof part !== 'string' && 'pause' in part ? [part.pause] : []));
}

describe('the spoken script', () => {
  it('speaks the code three times, with the warning and what a star does after the first', () => {
    expect(open().start().listen().heard()).toEqual([
      `code-intro ${DIGITS}`,
      `warning repeat-hint code-repeat ${DIGITS}`,
      `code-last ${DIGITS}`,
    ]);
  });

  it('leaves half a second between two digits', () => {
    expect(silencesWithin(reading(1).utterance)).toEqual([500, 500, 500, 500, 500]);
  });

  it.each([2, 3])(
    'leaves more time between two digits in reading %i, and a rest between the groups of the page',
    (n) => {
      expect(silencesWithin(reading(n).utterance)).toEqual([900, 900, 1400, 900, 900]);
    },
  );

  it('says the code as slowly when a star asks for it during the first reading', () => {
    expect(silencesWithin(reading(1).press('*').utterance)).toEqual([900, 900, 1400, 900, 900]);
  });

  it('rests where the page does in a code of eight digits', () => {
    expect(silencesWithin(reading(2, '48291375').utterance)).toEqual([900, 900, 900, 1400, 900, 900, 900]);
  });

  it('speaks the code behind the gate only', () => {
    expect(gated().start().listen().press('7').listen().heard()).toEqual([
      'gate-ask',
      'digit-7',
      `code-intro ${DIGITS}`,
      `warning repeat-hint code-repeat ${DIGITS}`,
      `code-last ${DIGITS}`,
    ]);
  });

  it('counts the code as delivered once its last digit is out', () => {
    expect(open().start().hearOut().codeDelivered).toBe(1);
  });

  it('does not count it as delivered before', () => {
    expect(open().start().codeDelivered).toBe(0);
  });

  it('keeps no code in its state', () => {
    expect(JSON.stringify(open().start().state)).not.toMatch(/4|8|9/);
  });

  it('cannot be made of what is not a digit, and does not name it', () => {
    expect(() => createSpokenScript({ code: '48x913', limits })).toThrow('Only the digits 0-9 can be spoken');
  });
});

describe('a star during the spoken code', () => {
  it('has it said again from its first digit', () => {
    expect(open().start().press('*').saying).toBe(`code-repeat ${DIGITS}`);
  });

  it('has it said again after the last reading', () => {
    expect(open().start().listen().press('*').saying).toBe(`code-repeat ${DIGITS}`);
  });

  it('is heard three times at most, so that the call has an end', () => {
    const call = open().start().listen().press('*').listen().press('*').listen().press('*').listen();
    expect(call.press('*').saying).toBeUndefined();
  });

  it('is the only key that matters there', () => {
    const call = open().start();
    call.heard();
    expect(call.press('0123456789#A').heard()).toEqual([]);
  });
});

describe('after the last reading', () => {
  it('the line stays up for the page’s verdict', () => {
    expect(open().start().listen().waitingFor).toBe(20_000);
  });

  it('the verdict is spoken when it comes in time', () => {
    expect(open().start().listen().pageSays('verified').saying).toBe('verdict-verified goodbye');
  });

  it('the call ends with goodbye when it does not', () => {
    expect(open().start().listen().keepSilent().saying).toBe('goodbye');
  });

  it('the call is completed, the code was told', () => {
    expect(open().start().listen().keepSilent().listen().outcome).toBe('completed');
  });
});

describe('a verification that ends while its code is spoken', () => {
  it.each([
    ['verified', 'completed'],
    ['locked', 'wrong-code'],
    ['expired', 'no-input'],
    ['canceled', 'canceled'],
    ['failed', 'hung-up'],
  ] as const)('%s is spoken and ends the call as %s', (verdict, outcome) => {
    const call = open().start().hearOut().pageSays(verdict);
    expect([call.saying, call.listen().outcome]).toEqual([`verdict-${verdict} goodbye`, outcome]);
  });

  it('is not mistaken for a wrong code typed on the page', () => {
    const call = open().start();
    call.heard();
    expect(call.pageSays('wrong-code').heard()).toEqual([]);
  });

  it('is told during the gate as well', () => {
    expect(gated().start().pageSays('canceled').listen().outcome).toBe('canceled');
  });
});
