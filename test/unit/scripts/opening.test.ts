import { describe, expect, it } from 'vitest';
import { mayRepeatGate } from '../../../sip-gateway/scripts/gate.ts';
import { createKeypadScript } from '../../../sip-gateway/scripts/keypad.ts';
import { afterOpening } from '../../../sip-gateway/scripts/opening.ts';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { Conversation } from './conversation.ts';

const limits = { firstKey: 10_000, nextKey: 5000 };
const keypad = () =>
  new Conversation(afterOpening(['greeting', 'operator-name'], createKeypadScript({ codeLength: 6, limits })));
const spoken = () =>
  new Conversation(afterOpening(['greeting', 'operator-name'], createSpokenScript({ code: '48', limits })));
const gated = () =>
  new Conversation(
    afterOpening(
      ['greeting', 'operator-name'],
      createKeypadScript({ codeLength: 6, gateAskings: ['7', '2', '5'], limits }),
      { mayRepeat: mayRepeatGate },
    ),
  );
const impatient = () =>
  new Conversation(
    afterOpening(['greeting', 'operator-name'], createKeypadScript({ codeLength: 6, limits }), { bargeIn: true }),
  );

describe('the opening of a call', () => {
  it('is said first, in a breath of its own', () => {
    expect(keypad().start().heard()).toEqual(['greeting operator-name']);
  });

  it('is followed by the script', () => {
    expect(keypad().start().hearOut().saying).toBe('keypad-ask');
  });

  it('is said to its end: a key does not cut it off', () => {
    expect(spoken().start().press('*').saying).toBe('greeting operator-name');
  });

  it('lets no key through to the script', () => {
    expect(keypad().start().press('482913').listen().submitted).toEqual([]);
  });

  it('counts as spoken with its last word', () => {
    expect(keypad().start().hearOut().openingSpoken).toBe(1);
  });

  it('does not count as spoken before', () => {
    expect(keypad().start().press('1').openingSpoken).toBe(0);
  });

  it('counts as spoken before anything else is told', () => {
    const [first] = afterOpening(['greeting'], createKeypadScript({ codeLength: 6, limits })).step(
      { phase: 'opening' },
      { type: 'played' },
      0,
    ).actions;
    expect(first).toEqual({ type: 'opening-spoken' });
  });

  it('gives way to a verification that ends elsewhere', () => {
    const call = keypad().start().pageSays('canceled');
    expect([call.saying, call.openingSpoken, call.listen().outcome]).toEqual([
      'verdict-canceled goodbye',
      0,
      'canceled',
    ]);
  });

  it('is not disturbed by a wrong code typed on the page', () => {
    expect(spoken().start().pageSays('wrong-code').saying).toBe('greeting operator-name');
  });
});

describe('the opening of a call that may be cut short', () => {
  it('counts the code of a person who does not wait for it', () => {
    expect(impatient().start().press('482913').submitted).toEqual(['482913']);
  });

  it('falls silent at the first digit', () => {
    expect(impatient().start().press('4').saying).toBeUndefined();
  });

  it('does not count as spoken then', () => {
    expect(impatient().start().press('4').openingSpoken).toBe(0);
  });

  it('goes on at a key that is no digit', () => {
    expect(impatient().start().press('*').saying).toBe('greeting operator-name');
  });
});

describe('the opening of a call with a gate', () => {
  it('is said again at a star, and then the question with the same digit', () => {
    const call = gated().start().listen();
    call.heard();
    expect(call.press('*').listen().heard()).toEqual(['greeting operator-name', 'gate-ask', 'digit-7']);
  });

  it('is not begun anew by a star before it has been said', () => {
    const call = gated().start().press('*').listen();
    expect(call.heard()).toEqual(['greeting operator-name', 'gate-ask', 'digit-7']);
  });

  it('takes no key while it is said again', () => {
    const call = gated().start().listen().press('*').press('7*#');
    expect([call.saying, call.listen().waitingFor]).toEqual(['greeting operator-name', 10_000]);
  });

  it('waits for no key while it is said again', () => {
    expect(gated().start().listen().press('*').waitingFor).toBeUndefined();
  });

  it('lets the gate open after it was said again', () => {
    expect(gated().start().listen().press('*').listen().press('7').saying).toBe('keypad-ask');
  });

  it('gives way to a verification that ends elsewhere while it is said again', () => {
    expect(gated().start().listen().press('*').pageSays('canceled').saying).toBe('verdict-canceled goodbye');
  });

  it('is said again twice at most', () => {
    const call = gated().start().listen().press('*').listen().press('*').listen();
    expect(call.press('*').saying).toBeUndefined();
  });

  it('is not said again by the star that begins a code anew', () => {
    const call = gated().start().listen().press('7').press('48*482913');
    expect([call.saying, call.submitted]).toEqual([undefined, ['482913']]);
  });
});
