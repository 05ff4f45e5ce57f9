import { describe, expect, it } from 'vitest';
import { createKeypadScript } from '../../../sip-gateway/scripts/keypad.ts';
import { afterOpening } from '../../../sip-gateway/scripts/opening.ts';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { Conversation } from './conversation.ts';

const limits = { firstKey: 10_000, nextKey: 5000 };
const keypad = () =>
  new Conversation(afterOpening(['greeting', 'operator-name'], createKeypadScript({ codeLength: 6, limits })));
const spoken = () =>
  new Conversation(afterOpening(['greeting', 'operator-name'], createSpokenScript({ code: '48', limits })));
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
