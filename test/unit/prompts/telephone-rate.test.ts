import { describe, expect, it } from 'vitest';
import { toTelephoneRate } from '../../../sip-gateway/prompts/telephone-rate.ts';

const RATES = [16_000, 22_050, 44_100, 48_000] as const;

/** RMS of a fifth of a second of a tone after it was brought to 8 kHz, of what it was before. */
function kept(hertz: number, rate: number): number {
  const samples = Int16Array.from({ length: rate / 5 }, (_, n) => 10_000 * Math.sin((2 * Math.PI * hertz * n) / rate));
  const middle = toTelephoneRate({ rate, samples }).subarray(100, 1500);
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

  it.each([11_025, 22_050, 44_100, 47_999])('of %i Hz is as long as it was', (rate) => {
    expect(toTelephoneRate({ rate, samples: new Int16Array(rate * 2) })).toHaveLength(16_000);
  });

  it.each(RATES)('of %i Hz keeps the tones of a voice', (rate) => {
    for (const hertz of [300, 1000, 3000]) expect(kept(hertz, rate)).toBeCloseTo(1, 1);
  });

  it.each(RATES)('of %i Hz does not fold down what is too high for the telephone', (rate) => {
    for (const hertz of [5000, 6000, 7500]) expect(kept(hertz, rate)).toBeLessThan(0.01);
  });

  it.each([6000, 96_000])('of %i Hz is refused with what can be done', (rate) => {
    expect(() => toTelephoneRate({ rate, samples: new Int16Array(1) })).toThrow(
      new RegExp(`its rate is ${rate} Hz; .*sox in.wav -r 8000 out.wav`),
    );
  });
});
