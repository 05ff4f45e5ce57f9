import { describe, expect, it } from 'vitest';
import { toTelephoneRate } from '../../../sip-gateway/prompts/telephone-rate.ts';

/** RMS of a tone at 16 kHz after it was brought to 8 kHz, of what it was before. */
function kept(hertz: number): number {
  const samples = Int16Array.from({ length: 3200 }, (_, n) => 10_000 * Math.sin((2 * Math.PI * hertz * n) / 16_000));
  const middle = toTelephoneRate({ rate: 16_000, samples }).subarray(100, 1500);
  return Math.sqrt(middle.reduce((sum, sample) => sum + sample ** 2, 0) / middle.length) / (10_000 / Math.SQRT2);
}

describe('a recording for the telephone', () => {
  it('of 8 kHz is left alone', () => {
    const samples = Int16Array.of(1, 2, 3);
    expect(toTelephoneRate({ rate: 8000, samples })).toBe(samples);
  });

  it('of 16 kHz has half as many samples', () => {
    expect(toTelephoneRate({ rate: 16_000, samples: new Int16Array(320) })).toHaveLength(160);
  });

  it.each([300, 1000, 3000])('of 16 kHz keeps a tone of %i Hz', (hertz) => {
    expect(kept(hertz)).toBeCloseTo(1, 1);
  });

  it.each([5000, 6000, 7500])('of 16 kHz does not fold a tone of %i Hz down', (hertz) => {
    expect(kept(hertz)).toBeLessThan(0.01);
  });

  it('of another rate is refused with what can be done', () => {
    expect(() => toTelephoneRate({ rate: 44_100, samples: new Int16Array(1) })).toThrow(
      /its rate is 44100 Hz; .*sox in.wav -r 8000 out.wav/,
    );
  });
});
