import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyRhythm } from '../../../sip-gateway/dtmf/key-rhythm.ts';

function isMachineRegular(times: readonly number[]): boolean {
  const rhythm = new KeyRhythm();
  for (const time of times) rhythm.press(time);
  return rhythm.isMachineRegular;
}

/** Presses after each other, the first at 0. */
function after(...intervals: readonly number[]): readonly number[] {
  return intervals.reduce<readonly number[]>((times, interval) => [...times, (times.at(-1) ?? 0) + interval], [0]);
}

describe('keys that come as regularly as a machine’s', () => {
  it.each([
    ['a dialler that keys every 200 ms', after(200, 200, 200, 200, 200)],
    ['a recording of tones, over a network that delays each by up to 8 ms', after(253, 246, 251, 258, 244)],
    ['RFC 4733 packets of a dialler, which leave on a clock of 20 ms', after(240, 260, 240, 240, 260)],
    ['a slow machine', after(1000, 1002, 999, 1000, 1001)],
    ['a code after keys that were not regular', after(800, 310, 1700, 180, 180, 181, 179, 180)],
  ])('%s', (_, times) => {
    expect(isMachineRegular(times)).toBe(true);
  });
});

describe('keys that do not', () => {
  it.each([
    ['a code that is read in two groups of three', after(412, 378, 840, 381, 444)],
    ['a thumb that knows the code', after(231, 171, 253, 216, 189)],
    ['somebody who looks from page to phone for each key', after(1480, 1120, 2210, 1390, 1750)],
    ['five keys: there is too little to judge by', after(200, 200, 200, 200)],
    ['keys that the network held up and delivered at once', after(0, 1, 0, 0, 1)],
    ['a machine’s keys of which the network held two up', after(200, 200, 399, 1, 200)],
  ])('%s', (_, times) => {
    expect(isMachineRegular(times)).toBe(false);
  });

  it('stay on the call’s record once they were heard, whatever is keyed later', () => {
    expect(isMachineRegular(after(200, 200, 200, 200, 200, 700, 340, 900))).toBe(true);
  });
});

/** Twelve keys of a telephone, four rows of three: where each digit lies. */
function wayBetween(one: string, other: string): number {
  const [column, row] = placeOf(one);
  const [otherColumn, otherRow] = placeOf(other);
  return Math.hypot(column - otherColumn, row - otherRow);
}

function placeOf(digit: string): readonly [column: number, row: number] {
  return digit === '0' ? [1, 3] : [(Number(digit) - 1) % 3, Math.floor((Number(digit) - 1) / 3)];
}

/** Each as likely as any other, unlike what finds faults best. */
const evenly = (min: number, max: number) => fc.noBias(fc.integer({ min, max }));
const times = (count: number) => ({ minLength: count, maxLength: count });

/** As quick and steady as people are: by Fitts' law with 120 ms and 80 ms a bit, and up to 17 % off each time. */
const person = fc.record({
  code: evenly(0, 999_999).map((number) => String(number).padStart(6, '0')),
  percentOff: fc.array(evenly(-17, 17), times(5)),
});
const machine = fc.record({ every: evenly(60, 1_000), late: fc.array(evenly(-8, 8), times(6)) });

function share<T>(arbitrary: fc.Arbitrary<T>, timesOf: (value: T) => readonly number[]): number {
  const samples = fc.sample(arbitrary, { numRuns: 4_000, seed: 7 });
  return samples.filter((value) => isMachineRegular(timesOf(value))).length / samples.length;
}

describe('by the thousand', () => {
  it('codes of quick and steady people are taken for a machine’s in fewer than 2 of 100', () => {
    const taken = share(person, ({ code, percentOff }) =>
      after(
        ...percentOff.map((percent, index) => {
          const way = wayBetween(code[index] ?? '', code[index + 1] ?? '');
          return (120 + 80 * Math.log2(1 + way)) * (1 + percent / 100);
        }),
      ),
    );
    expect(taken).toBeLessThan(0.02);
  });

  it('codes of machines behind a network are found in more than 95 of 100', () => {
    expect(share(machine, ({ every, late }) => late.map((off, index) => index * every + off))).toBeGreaterThan(0.95);
  });
});
