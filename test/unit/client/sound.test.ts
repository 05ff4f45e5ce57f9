import { describe, expect, it } from 'vitest';
import { loudness } from '../../../client/phone/loudness.ts';
import { keyTones } from '../../../client/phone/tones.ts';

describe('the sound of a key', () => {
  it.each([
    ['1', [697, 1209]],
    ['5', [770, 1336]],
    ['9', [852, 1477]],
    ['0', [941, 1336]],
    ['*', [941, 1209]],
    ['#', [941, 1477]],
  ])('of %s is its two tones', (key, tones) => {
    expect(keyTones(key)).toEqual(tones);
  });

  it.each(['', 'A', '12', 'x'])('is none for "%s"', (key) => {
    expect(keyTones(key)).toBeUndefined();
  });
});

describe('loudness', () => {
  it('is 0 for silence and 1 for full scale', () => {
    expect([loudness(new Float32Array(128)), loudness(new Float32Array(128).fill(1))]).toEqual([0, 1]);
  });

  it('is far above 0 for speech at a telephone’s level', () => {
    const speech = Float32Array.from({ length: 800 }, (_, index) => 0.1 * Math.sin(index / 5));
    expect(loudness(speech)).toBeGreaterThan(0.5);
  });
});
