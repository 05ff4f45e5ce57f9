import { describe, expect, it } from 'vitest';
import { displayNumber, readDestination } from '../../../client/number/destination.ts';
import { sipUserOf } from '../../../client/phone/phone-number.ts';

describe('what a visitor types as a number', () => {
  it.each([
    ['(202) 555-0123', 'US', '+12025550123'],
    ['+44 20 7946 0018', 'US', '+442079460018'],
    ['０２０ ７９４６ ００１８', 'GB', '+442079460018'],
    ['138 0013 8000', 'CN', '+8613800138000'],
  ] as const)('reads %s in %s as %s', (typed, country, to) => {
    expect(readDestination(typed, country)).toEqual({ kind: 'number', to });
  });

  it.each(['1001', '*43', 'sip:alice@example.com', 'alice@example.com', 'sips:+12025550123@pbx.example'])(
    'leaves %s as it is for the server to judge',
    (typed) => {
      expect(readDestination(` ${typed} `, 'US')).toEqual({ kind: 'as-typed', to: typed });
    },
  );

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['202 555 0', 'too-short'],
    ['202 555 0123 4567 8901', 'too-long'],
    ['+999 123 456 789', 'not-a-number'],
    ['()-', 'not-a-number'],
  ])('says of "%s" that it is %s', (typed, kind) => {
    expect(readDestination(typed, 'US')).toEqual({ kind });
  });

  it('is shown back in the international notation with spaces that do not break', () => {
    expect(displayNumber('+12025550123')).toBe('+1\u00A0202\u00A0555\u00A00123');
  });

  it('is shown back as it is where it is no number', () => {
    expect(['1001', 'sip:alice@example.com'].map(displayNumber)).toEqual(['1001', 'alice@example.com']);
  });
});

describe('the number of the test phone', () => {
  it.each([
    ['+1 202 555 0123', '+12025550123'],
    ['1001', '1001'],
    ['sip:alice@example.com', 'alice'],
    ['bob', 'bob'],
  ])('turns %s into the SIP user %s', (typed, user) => {
    expect(sipUserOf(typed)).toBe(user);
  });

  it.each(['', '  ', 'two words', '电话'])('refuses "%s"', (typed) => {
    expect(sipUserOf(typed)).toBeUndefined();
  });
});
