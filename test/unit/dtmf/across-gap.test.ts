import { describe, expect, it } from 'vitest';
import { isOnePress } from '../../../sip-gateway/dtmf/across-gap.ts';
import { playTones, seeded, toneOf } from '../../support/tone-line.ts';

const MS = 8;
const SIDE = 40 * MS;
const KEYS = Array.from('0123456789*#ABCD');

/** 40 ms of a key, a gap, and 40 ms of a key that had sounded for `heard` ms when they began. */
function around(missing: number, key: string, then: { readonly key: string; readonly heard: number }) {
  const before = Float64Array.from(toneOf(key, SIDE));
  const after = Float64Array.from(toneOf(then.key, then.heard * MS + SIDE).subarray(then.heard * MS));
  return { before, missing: missing * MS, after };
}

describe('a key that sounds on both sides of a gap', () => {
  it.each([100, 180, 400])('was held where its waves go on in phase: %i ms', (missing) => {
    const held = KEYS.filter((key) => isOnePress(around(missing, key, { key, heard: 40 + missing }), key));
    expect(held).toEqual(KEYS);
  });

  it.each([100, 180, 400])('was pressed again where they do not: %i ms', (missing) => {
    // 3 ms are a whole number of waves of no key.
    const held = KEYS.filter((key) => isOnePress(around(missing, key, { key, heard: 43 + missing }), key));
    expect(held).toEqual([]);
  });

  it('was pressed again where it is quiet beside the gap', () => {
    const { before, missing, after } = around(100, '5', { key: '5', heard: 140 });
    const pause = new Float64Array(SIDE);
    pause.set(after.subarray(0, SIDE / 2), SIDE / 2);
    expect(isOnePress({ before, missing, after: pause }, '5')).toBe(false);
    expect(isOnePress({ before: pause.toReversed(), missing, after }, '5')).toBe(false);
  });

  it('was pressed again where another key sounds after it', () => {
    expect(isOnePress(around(100, '5', { key: '6', heard: 140 }), '5')).toBe(false);
  });

  it('cannot be told where 5 ms of it are known', () => {
    const { before, missing, after } = around(100, '5', { key: '5', heard: 140 });
    expect(isOnePress({ before, missing, after: after.subarray(0, 5 * MS) }, '5')).toBe(false);
  });

  it.each([
    ['a clean line', 40, { held: 1, again: 0.98 }],
    ['noise 15 dB below', 15, { held: 0.99, again: 0.75 }],
  ] as const)('is told from one pressed again: %s', (_, snr, { held, again }) => {
    const gaps = [100, 180, 260].flatMap((missing) => manyGaps(missing, snr));
    const shareOf = (isHeld: boolean): number => {
      const these = gaps.filter((gap) => gap.isHeld === isHeld);
      return these.filter(({ gap, key }) => isOnePress(gap, key) === isHeld).length / these.length;
    };
    expect(shareOf(true)).toBeGreaterThanOrEqual(held);
    expect(shareOf(false)).toBeGreaterThanOrEqual(again);
  });
});

/** Presses as lines distort them, cut by a gap; and pairs of presses of one key with the gap over the pause. */
function manyGaps(missing: number, snr: number) {
  const lost = missing * MS;
  const played = playTones({
    seed: missing,
    presses: 150,
    on: (2 * SIDE) / MS + 2 * missing,
    twist: 8,
    offFrequency: 0.015,
    snr,
  });
  const line = Float64Array.from(played.packets.flatMap((packet) => Array.from(packet ?? [])));
  const random = seeded(missing);
  return played.presses.flatMap(({ key, start }) => {
    const before = line.slice(start, start + SIDE);
    const rest = start + SIDE + lost;
    // The same tones with another phase each are a second press.
    const later = rest + Math.floor(random() * lost);
    return [
      { key, isHeld: true, gap: { before, missing: lost, after: line.slice(rest, rest + SIDE) } },
      { key, isHeld: false, gap: { before, missing: lost, after: line.slice(later, later + SIDE) } },
    ];
  });
}
