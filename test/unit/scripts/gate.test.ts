import { describe, expect, it } from 'vitest';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { Conversation } from './conversation.ts';

const limits = { firstKey: 10_000, nextKey: 5_000 };
const behind = (...gateAskings: readonly string[]) =>
  new Conversation(createSpokenScript({ code: '482913', gateAskings, limits }));
const gated = () => behind('7', '2', '5');
/** Behind a gate of two digits. */
const twice = () => behind('47', '25', '31');

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

  it.each(['#', 'A'])('is neither opened nor closed by %s', (key) => {
    expect(gated().start().listen().press(key).press('7').saying).toMatch(/^code-intro/);
  });

  it('is told in the call’s progress', () => {
    expect(gated().start().listen().press('7').progress).toEqual(['gate', 'speaking']);
  });

  it('cannot be asked with what is not a digit', () => {
    expect(() => createSpokenScript({ code: '1', gateAskings: ['x'], limits })).toThrow(TypeError);
  });
});

describe('a gate of several digits', () => {
  it('says each digit in a breath of its own', () => {
    expect(twice().start().listen().heard()).toEqual(['gate-ask', 'digit-4', 'digit-7']);
  });

  it('leaves half a second between two digits, after the first and not before the second', () => {
    expect(twice().start().hearOut().utterance).toEqual(['digit-4', { pause: 500 }]);
  });

  it('waits for a key when the last digit is out, and not before', () => {
    const call = twice().start().hearOut().hearOut();
    expect([call.waitingFor, call.hearOut().waitingFor]).toEqual([undefined, 10_000]);
  });

  it.each([
    ['47', '25', '31'],
    ['471', '250', '318'],
    ['4471', '2503', '0000'],
  ])('opens for all of its digits, keyed in their order: %s', (...askings) => {
    expect(
      behind(...askings)
        .start()
        .listen()
        .press(askings[0] ?? '').saying,
    ).toMatch(/^code-intro/);
  });

  it.each(['74', '44', '77', '48', '17'])('does not open for %s where it asked for 47', (keys) => {
    expect(twice().start().listen().press(keys).saying).toBe('gate-wrong');
  });

  it('says nothing of the first key before the last is in', () => {
    expect(twice().start().listen().press('1').saying).toBeUndefined();
  });

  it('asks for other digits after a wrong answer', () => {
    const call = twice().start().listen().press('48');
    call.heard();
    expect(call.listen().heard()).toEqual(['digit-2', 'digit-5']);
  });

  it('takes the keys of one answer for each asking, and no more', () => {
    const call = twice().start().listen().press('484725');
    expect(call.listen().waitingFor).toBe(10_000);
  });

  it('opens for whoever presses each digit as soon as it begins', () => {
    const call = twice().start().hearOut().press('4').hearOut().press('7');
    expect(call.saying).toMatch(/^code-intro/);
  });

  it('opens for whoever pressed the first digit while it was said, and the second after a while', () => {
    const call = twice().start().hearOut().press('4').listen().press('7');
    expect(call.saying).toMatch(/^code-intro/);
  });

  it('lets a key before its digit is said alone, as nobody can have heard it', () => {
    const call = twice().start().hearOut().press('47').hearOut().press('7');
    expect(call.saying).toMatch(/^code-intro/);
  });

  it('goes on with its digits when a key is pressed meanwhile', () => {
    expect(twice().start().hearOut().press('4').saying).toBe('digit-4');
  });

  it('waits five seconds for the next key', () => {
    expect(twice().start().listen().press('4').waitingFor).toBe(5_000);
  });

  it('waits five seconds for the next key after the digits where one was pressed during them', () => {
    expect(twice().start().hearOut().press('4').listen().waitingFor).toBe(5_000);
  });

  it('asks for other digits when the next key does not come', () => {
    const call = twice().start().listen().press('4');
    call.heard();
    expect(call.keepSilent().listen().heard()).toEqual(['gate-still-there', 'digit-2', 'digit-5']);
  });

  it('begins a new answer with a new asking', () => {
    const call = twice().start().listen().press('4').keepSilent().listen().press('25');
    expect(call.saying).toMatch(/^code-intro/);
  });

  it('does not say that it heard no key where it heard too few', () => {
    const call = twice().start().listen().keepSilent().listen().keepSilent().listen().press('3');
    call.heard();
    expect([call.keepSilent().listen().heard(), call.outcome]).toEqual([['verdict-failed goodbye'], 'no-input']);
  });

  it('gives up after three wrong answers', () => {
    const call = twice().start().listen().press('11').listen().press('11').listen().press('11');
    expect(call.listen().outcome).toBe('wrong-code');
  });
});

describe('a star at the gate', () => {
  it('has the question said again, with the same digits', () => {
    const call = twice().start().listen();
    call.heard();
    expect(call.press('*').listen().heard()).toEqual(['gate-ask', 'digit-4', 'digit-7']);
  });

  it('has it said from the beginning while it is being said', () => {
    const call = twice().start().hearOut();
    call.heard();
    expect(call.press('*').listen().heard()).toEqual(['gate-ask', 'digit-4', 'digit-7']);
  });

  it('begins the answer anew', () => {
    expect(twice().start().listen().press('4*').listen().press('47').saying).toMatch(/^code-intro/);
  });

  it('is no answer: three may still be given', () => {
    const call = twice().start().listen().press('*').listen().press('11').listen().press('11').listen();
    expect(call.press('31').saying).toMatch(/^code-intro/);
  });

  it('does nothing the third time, so that a call has an end', () => {
    const call = twice().start().listen().press('*').listen().press('*').listen();
    call.heard();
    expect([call.press('*').saying, call.waitingFor]).toEqual([undefined, 10_000]);
  });
});
