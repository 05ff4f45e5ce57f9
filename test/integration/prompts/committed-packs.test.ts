import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../../server/config.ts';
import { PROMPT_NAMES, type PromptName } from '../../../sip-gateway/prompts/prompt-name.ts';
import { speechLevel } from '../../../sip-gateway/prompts/render/mastering.ts';
import { readWav } from '../../../sip-gateway/prompts/wav.ts';
import { createSpokenScript } from '../../../sip-gateway/scripts/spoken.ts';
import { openingOf } from '../../../sip-gateway/scripts/utterances.ts';
import { loadPromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';
import { Conversation } from '../../unit/scripts/conversation.ts';
import { powerOutside } from './spectrum.ts';

interface Sound {
  readonly rate: number;
  readonly samples: Float64Array;
  readonly seconds: number;
}

function load(locale: string, name: PromptName): Sound {
  const { rate, samples } = readWav(readFileSync(`sip-gateway/prompts/packs/${locale}/${name}.wav`));
  return { rate, samples: Float64Array.from(samples, (sample) => sample / 32_768), seconds: samples.length / rate };
}

const decibels = (level: number) => 20 * Math.log10(level);
const digits = PROMPT_NAMES.filter((name) => name.startsWith('digit-'));

const library = await loadPromptLibrary({ defaultLocale: 'en' });

describe.each(LOCALES)('the recordings of the pack %s', (locale) => {
  const sounds = PROMPT_NAMES.map((name) => ({ name, ...load(locale, name) }));
  const durationOf = (name: PromptName) => sounds.find((sound) => sound.name === name)?.seconds ?? 0;
  /** The names of those that are not as they should be. */
  const except = (isRight: (sound: Sound) => boolean) =>
    sounds.filter((sound) => !isRight(sound)).map(({ name }) => name);

  it('are at the rate of the telephone', () => {
    expect(except(({ rate }) => rate === 8000)).toEqual([]);
  });

  it('are as loud as each other: speech at -16 dB, within 1 dB', () => {
    expect(except(({ samples }) => Math.abs(decibels(speechLevel(samples)) + 16) < 1)).toEqual([]);
  });

  it('have 3 dB of headroom', () => {
    expect(except(({ samples }) => decibels(samples.reduce((a, b) => Math.max(a, Math.abs(b)), 0)) <= -3)).toEqual([]);
  });

  it('lie in the telephone’s band: what is below 250 Hz and above 3500 Hz is at least 30 dB down', () => {
    expect(except(({ samples }) => powerOutside(samples, [250, 3500]) < 0.001)).toEqual([]);
  });

  it('have no hum of direct current', () => {
    expect(
      except(({ samples }) => Math.abs(samples.reduce((sum, sample) => sum + sample, 0) / samples.length) < 0.001),
    ).toEqual([]);
  });

  it('begin and end without a click', () => {
    expect(except(({ samples }) => Math.max(Math.abs(samples[0] ?? 1), Math.abs(samples.at(-1) ?? 1)) < 0.01)).toEqual(
      [],
    );
  });

  it('begin with speech within 100 ms', () => {
    expect(except(({ samples }) => samples.subarray(0, 800).some((sample) => Math.abs(sample) > 0.03))).toEqual([]);
  });

  it('say each digit in 0.35 to 0.9 s', () => {
    expect(digits.filter((name) => durationOf(name) < 0.35 || durationOf(name) > 0.9)).toEqual([]);
  });

  it('say nothing that takes longer than 6 s', () => {
    expect(except(({ seconds }) => seconds < 6)).toEqual([]);
  });

  it('leave time for a code to be read six times within the 120 s of a call', () => {
    const slowest = digits.reduce((one, other) => (durationOf(one) > durationOf(other) ? one : other)).slice(-1);
    const call = new Conversation(
      createSpokenScript({ code: slowest.repeat(6), limits: { firstKey: 10_000, nextKey: 5_000 } }),
    );
    const pack = library.pack(locale);
    let ms = pack.duration(openingOf({ reportKey: '9' }));
    call.start();
    for (let reading = 1; reading <= 6; reading++) {
      ms += pack.duration(call.utterance);
      call.hearOut();
      if (reading >= 3) call.press('*');
    }
    expect(call.saying).toBeUndefined();
    expect(ms + (call.waitingFor ?? 0) + pack.duration(['goodbye'])).toBeLessThan(120_000);
  });

  it('say who calls and why within 4 s', () => {
    expect(durationOf('greeting') + durationOf('operator-name')).toBeLessThan(4);
  });
});
