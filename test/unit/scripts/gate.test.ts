import { describe, expect, it } from 'vitest';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { Conversation } from './conversation.ts';

const gated = () =>
  new Conversation(createSpokenScript({ code: '482913', gateDigits: ['7', '2', '5'], limits: { firstKey: 10_000 } }));

describe('the gate', () => {
  it('asks for a digit, and says it in a breath of its own', () => {
    expect(gated().start().listen().heard()).toEqual(['gate-ask', 'digit-7']);
  });

  it('opens for the digit', () => {
    expect(gated().start().listen().press('7').saying).toMatch(/^code-intro/);
  });

  it('opens while the digit is still being said', () => {
    expect(gated().start().hearOut().press('7').saying).toMatch(/^code-intro/);
  });

  it('ignores keys from before it asked, as a recorded greeting would send them', () => {
    const call = gated().start().press('0123456789').hearOut();
    expect(call.saying).toBe('digit-7');
  });

  it('waits ten seconds for the key', () => {
    expect(gated().start().listen().waitingFor).toBe(10_000);
  });

  it('asks for another digit after a wrong one', () => {
    const call = gated().start().listen();
    call.heard();
    expect(call.press('1').listen().heard()).toEqual(['gate-wrong', 'digit-2']);
  });

  it('takes one wrong digit at a time: what else is keyed before it asks again does not count', () => {
    const call = gated().start().listen().press('1222222');
    expect(call.saying).toBe('gate-wrong');
  });

  it('no longer opens for the digit before', () => {
    const call = gated().start().listen().press('1').listen().press('7');
    expect(call.saying).toBe('gate-wrong');
  });

  it('opens at the third asking', () => {
    const call = gated().start().listen().press('1').listen().press('1').listen().press('5');
    expect(call.saying).toMatch(/^code-intro/);
  });

  it('asks whether anybody is there after a silence, with another digit', () => {
    const call = gated().start().listen();
    call.heard();
    expect(call.keepSilent().listen().heard()).toEqual(['gate-still-there', 'digit-2']);
  });

  it('gives up after three wrong digits', () => {
    const call = gated().start().listen().press('1').listen().press('1').listen().press('1');
    expect(call.listen().outcome).toBe('wrong-code');
  });

  it('gives up after three silences', () => {
    const call = gated().start().listen().keepSilent().listen().keepSilent().listen().keepSilent();
    expect(call.listen().outcome).toBe('no-input');
  });

  it('says on the phone that the number was not verified when it gives up', () => {
    const call = gated().start().listen().keepSilent().listen().keepSilent().listen();
    call.heard();
    expect(call.keepSilent().listen().heard()).toEqual(['no-input verdict-failed goodbye']);
  });

  it.each(['*', '#', 'A'])('is neither opened nor closed by %s', (key) => {
    expect(gated().start().listen().press(key).press('7').saying).toMatch(/^code-intro/);
  });

  it('is told in the call’s progress', () => {
    expect(gated().start().listen().press('7').progress).toEqual(['gate', 'speaking']);
  });

  it('cannot be asked with what is not a digit', () => {
    expect(() => createSpokenScript({ code: '1', gateDigits: ['x'], limits: { firstKey: 1 } })).toThrow(TypeError);
  });
});
