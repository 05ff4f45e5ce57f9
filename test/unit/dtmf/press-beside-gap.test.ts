import { describe, expect, it } from 'vitest';
import { pressBesideGap } from '../../../sip-gateway/dtmf/press-beside-gap.ts';
import { toneOf } from '../../support/tone-line.ts';

const MS = 8;
const SIDE = 40 * MS;

/** What is known around `missing` of a press of 40 ms, of which `arrived` came before the gap. */
function around(arrived: number, missing: number, line = press()) {
  const cut = 2 * SIDE + arrived;
  return {
    before: line.slice(cut - SIDE, cut),
    missing,
    after: line.slice(cut + missing, cut + missing + SIDE),
  };
}

/** 80 ms of quiet, a key, 80 ms of quiet. */
function press(key = '5', ms = 40): Float64Array {
  const line = new Float64Array(2 * SIDE + ms * MS + 2 * SIDE);
  line.set(toneOf(key, ms * MS), 2 * SIDE);
  return line;
}

describe('what is left of a press beside a gap', () => {
  it('is the press where its first 5 ms arrived', () => {
    expect(pressBesideGap(around(6 * MS, 40 * MS))).toEqual({ key: '5', began: true, goesOn: false });
  });

  it('is the press where its last 5 ms arrived', () => {
    expect(pressBesideGap(around(-6 * MS, 40 * MS))).toEqual({ key: '5', began: false, goesOn: false });
  });

  it.each([4, 10, 16])('is one press where %i ms of it came before and the rest after', (arrived) => {
    expect(pressBesideGap(around(arrived * MS, 20 * MS))).toEqual({ key: '5', began: true, goesOn: false });
  });

  it('goes on where the tone does', () => {
    const line = press('#', 80);
    expect(pressBesideGap(around(10 * MS, 20 * MS, line))).toEqual({ key: '#', began: true, goesOn: true });
  });

  it('is nothing below 5 ms', () => {
    expect(pressBesideGap(around(4 * MS, 60 * MS))).toBeUndefined();
  });

  it('is nothing where the whole, with the gap, is shorter than a press', () => {
    expect(pressBesideGap(around(10 * MS, 20 * MS, press('5', 30)))).toBeUndefined();
  });

  it('is nothing where a piece of tone has no edge', () => {
    const { missing, after, before } = around(10 * MS, 40 * MS);
    expect(pressBesideGap({ missing, after, before: before.slice(-10 * MS) })).toBeUndefined();
  });

  it('is nothing where there was no pause before it', () => {
    const { missing, before, after } = around(-6 * MS, 36 * MS);
    const noisy = before.map((_, n) => 5000 * Math.sin(n / 3));
    expect(pressBesideGap({ missing, after, before: noisy })).toBeUndefined();
  });

  it('is nothing where the tone of its two pieces is not of one press', () => {
    const { missing, before, after } = around(10 * MS, 20 * MS);
    const other = around(10 * MS, 20 * MS, press('3')).after;
    expect(pressBesideGap({ missing, before, after })).toBeDefined();
    expect(pressBesideGap({ missing, before, after: other })).toBeUndefined();
  });
});
