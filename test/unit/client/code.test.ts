import { assert, integer, nat, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupCode } from '../../../client/visitor/code-groups.ts';
import { fitCode } from '../../../client/visitor/fit-code.ts';
import { clockText, secondsLeft } from '../../../client/visitor/time-left.ts';

describe('a code on the page', () => {
  it.each([
    ['482913', '482 913'],
    ['4829', '4829'],
    ['48291', '482 91'],
    ['48291375', '4829 1375'],
    ['4829137', '4829 137'],
    ['4829137506', '4829 1375 06'],
  ])('groups %s as %s', (code, grouped) => {
    expect(groupCode(code).join(' ')).toBe(grouped);
  });
});

describe('a code being typed', () => {
  it('takes the digits of a pasted sentence', () => {
    expect(fitCode('Your code is 482-913.', 21, 6)).toEqual({ code: '482913', caret: 6 });
  });

  it.each([
    ['full-width', '４８２'],
    ['Arabic', '٤٨٢'],
    ['Persian', '۴۸۲'],
    ['Hindi', '४८२'],
    ['Thai', '๔๘๒'],
  ])('takes %s digits', (_, typed) => {
    expect(fitCode(typed, 3, 6)).toEqual({ code: '482', caret: 3 });
  });

  it('knows the value of the digits of every script', () => {
    const digits = Array.from({ length: 0x20000 }, (_, point) => String.fromCodePoint(point)).filter((mark) =>
      /\p{Nd}/u.test(mark),
    );
    const codes = Array.from({ length: digits.length / 10 }, (_, script) =>
      digits.slice(script * 10, script * 10 + 10),
    );
    expect(codes.map((ten) => fitCode(ten.join(''), 0, 10).code)).toEqual(codes.map(() => '0123456789'));
  });

  it('lets a digit typed over a full code push out the one behind it', () => {
    expect(fitCode('4872913', 3, 6)).toEqual({ code: '487913', caret: 3 });
  });

  it('takes no more digits at the end than there are boxes', () => {
    expect(fitCode('4829137', 7, 6)).toEqual({ code: '482913', caret: 6 });
  });

  it('is always digits, never too long, with the caret inside', () => {
    const isFit = property(string(), nat(40), integer({ min: 4, max: 10 }), (text, at, length) => {
      const { code, caret } = fitCode(text, Math.min(at, text.length), length);
      return /^\d*$/.test(code) && code.length <= length && caret <= code.length;
    });
    expect(() => assert(isFit)).not.toThrow();
  });
});

describe('the time left', () => {
  it('counts whole seconds and never below zero', () => {
    expect([secondsLeft(10_000, 400), secondsLeft(10_000, 10_000), secondsLeft(10_000, 99_000)]).toEqual([10, 0, 0]);
  });

  it('is written as minutes and seconds', () => {
    expect([clockText(600), clockText(65), clockText(5)]).toEqual(['10:00', '1:05', '0:05']);
  });
});
