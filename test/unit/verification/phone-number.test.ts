import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createNumberPlan,
  type NumberPlan,
  type NumberPlanOptions,
} from '../../../server/verification/phone-number.ts';
import { VerificationError } from '../../../server/verification/errors.ts';

const planFor = (options: Partial<NumberPlanOptions> = {}) =>
  createNumberPlan({ defaultCountry: 'US', sipDomains: [], ...options });

describe('a phone number', () => {
  it.each([
    ['+1 (202) 555-0123', 'US', '+12025550123'],
    ['(202) 555-0123', 'US', '+12025550123'],
    ['202.555.0123', 'US', '+12025550123'],
    ['1-202-555-0123', 'US', '+12025550123'],
    ['tel:+1-202-555-0123', 'US', '+12025550123'],
    ['+１２０２５５５０１２３', 'US', '+12025550123'],
    ['\u202a+1\u00a0202\u2011555\u20110123\u202c', 'US', '+12025550123'],
    ['011 44 20 7946 0000', 'US', '+442079460000'],
    ['00 44 20 7946 0000', 'US', '+442079460000'],
    ['+44 (0)20 7946 0000', 'US', '+442079460000'],
    ['001 202 555 0123', 'CN', '+12025550123'],
    ['138 0013 8000', 'CN', '+8613800138000'],
    ['030/901820', 'DE', '+4930901820'],
  ])('written as %s in %s is %s', (typed, defaultCountry, number) => {
    expect(planFor({ defaultCountry }).normalise(typed)).toBe(number);
  });

  it.each([
    ['', 'an empty text'],
    ['hello', 'a text without digits'],
    ['12', '2 digits'],
    ['+999123456', '9 digits'],
    ['+12025550123 ext. 12', 'characters that no phone number has'],
    ['+12025550123;isub=1', 'characters that no phone number has'],
    ['+1202555\r\n0123', 'characters that no phone number has'],
    ['++12025550123', 'characters that no phone number has'],
    ['2'.repeat(300), '300 characters'],
    ['911', '3 digits'],
  ])('cannot be %j: got %s', (typed, got) => {
    expect(() => planFor().normalise(typed)).toThrow(
      expect.objectContaining({ code: 'invalid_number', field: '/to', message: expect.stringContaining(got) }),
    );
  });

  it('that is refused is not repeated, and nothing typed ever breaks the plan', () => {
    const plan = planFor({ sipDomains: ['pbx.example'], extensions: { min: 3, max: 5 } });
    const typing = fc.oneof(fc.string(), fc.stringMatching(/^[+0-9 ().-]{6,20}$/), fc.string({ unit: 'binary' }));
    const handlesWell = fc.property(typing, (typed) => isWellHandled(plan, typed));
    expect(() => fc.assert(handlesWell)).not.toThrow();
  });
});

function isWellHandled(plan: NumberPlan, typed: string): boolean {
  try {
    return /^(?:\+\d{5,15}|\d{3,5}|sip:[\w.+-]+@pbx\.example)$/.test(plan.normalise(typed));
  } catch (error) {
    const digits = typed.replaceAll(/\D/g, '');
    return error instanceof VerificationError && (digits.length < 4 || !error.message.includes(digits));
  }
}

describe('a SIP URI', () => {
  const plan = planFor({ sipDomains: ['pbx.example', 'PBX.example:5070'] });

  it.each([
    ['sip:desk@pbx.example', 'sip:desk@pbx.example'],
    [' SIP:Desk.2@PBX.EXAMPLE ', 'sip:Desk.2@pbx.example'],
    ['sip:1001@pbx.example:5070', 'sip:1001@pbx.example:5070'],
  ])('%s of an allowed domain is %s', (typed, uri) => {
    expect(plan.normalise(typed)).toBe(uri);
  });

  it.each([
    'sip:desk:secret@pbx.example',
    'sip:desk@pbx.example;transport=udp',
    'sip:desk@pbx.example?Subject=x',
    'sip:desk@pbx.example\r\nX-Evil: 1',
    'sip:a%0d%0a@pbx.example',
    'sip:a@b@pbx.example',
    'sip:@pbx.example',
    'sip:pbx.example',
    'sips:desk@pbx.example',
    'sip:"d" <desk>@pbx.example',
  ])('%j is refused as invalid', (typed) => {
    expect(() => plan.normalise(typed)).toThrow(expect.objectContaining({ code: 'invalid_number' }));
  });

  it('of another domain is refused', () => {
    expect(() => plan.normalise('sip:desk@elsewhere.example')).toThrow(
      expect.objectContaining({ code: 'number_not_allowed' }),
    );
  });

  it.each(['sip:911@pbx.example', 'sip:+112@pbx.example', 'sip:9.1.1@pbx.example'])(
    '%s is an emergency number, and never called',
    (typed) => {
      expect(() => plan.normalise(typed)).toThrow(expect.objectContaining({ code: 'number_not_allowed' }));
    },
  );

  it('is refused where no domain is allowed', () => {
    expect(() => planFor().normalise('sip:desk@pbx.example')).toThrow(
      expect.objectContaining({ code: 'number_not_allowed' }),
    );
  });
});

describe('an extension', () => {
  it('is dialled as it is where extensions are allowed', () => {
    expect(planFor({ extensions: { min: 3, max: 5 } }).normalise('1001')).toBe('1001');
  });

  it('is no number where extensions are not allowed', () => {
    expect(() => planFor().normalise('1001')).toThrow(expect.objectContaining({ code: 'invalid_number' }));
  });

  it('is never an emergency number', () => {
    expect(() => planFor({ extensions: { min: 3, max: 5 } }).normalise('911')).toThrow(
      expect.objectContaining({ code: 'number_not_allowed' }),
    );
  });
});

describe('a number plan', () => {
  it('refuses a default country that is none', () => {
    expect(() => planFor({ defaultCountry: 'XX' })).toThrow('Expected a country such as US or CN, got XX');
  });
});
