import { describe, expect, it } from 'vitest';
import { decibels, master, speechLevel } from '../../../sip-gateway/prompts/render/mastering.ts';

/** Something like a word: 0.5 s of a tone that swells and fades, with silence around it and a peak in it. */
const word = Float64Array.from({ length: 8000 }, (_, n) => {
  const at = n - 2000;
  if (at < 0 || at >= 4000) return 0;
  const peak = at === 1900 ? 8 : 1;
  return 0.05 * peak * Math.sin((Math.PI * at) / 4000) * Math.sin((2 * Math.PI * 500 * at) / 8000 + 1);
});
const mastered = master(word);

describe('a recording made ready for the telephone', () => {
  it('has the level of speech', () => {
    expect(20 * Math.log10(speechLevel(mastered))).toBeCloseTo(-16, 1);
  });

  it('has no peak above -3.5 dB', () => {
    expect(mastered.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0)).toBeLessThanOrEqual(
      decibels(-3.5) + 1e-9,
    );
  });

  it('has lost the silence around it', () => {
    expect(mastered.length).toBeLessThan(4800);
  });

  it('has lost the click that some engines make long before they speak', () => {
    const clicked = Float64Array.from(word, (sample, n) => (n >= 400 && n < 440 ? 0.0007 : sample));
    expect(master(clicked)).toHaveLength(mastered.length);
  });

  it('has kept the burst of a consonant before its vowel', () => {
    const burst = Float64Array.from(word, (sample, n) => (n >= 1760 && n < 1840 ? 0.003 : sample));
    expect(master(burst).length).toBeGreaterThan(mastered.length);
  });

  it('is ready in a small part of the time that it takes to hear, as others are on the phone meanwhile', () => {
    const long = Float64Array.from({ length: 160_000 }, (_, n) => Math.sin(n / 3) * Math.sin(n / 5_000));
    const started = performance.now();
    master(long);
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('begins and ends at nothing', () => {
    expect(Math.max(Math.abs(mastered[0] ?? 1), Math.abs(mastered.at(-1) ?? 1))).toBeLessThan(0.001);
  });
});
