import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MissingPromptError, PromptError } from '../../../sip-gateway/prompts/prompt-error.ts';
import { loadPromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';
import { PROMPT_NAMES } from '../../../sip-gateway/prompts/prompt-name.ts';
import { LOCALES } from '../../../server/config.ts';
import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { aWav, pcm } from '../../fakes/a-wav.ts';

const OUR_PACKS = 'sip-gateway/prompts/packs';
const DIFFERENT = aWav(pcm(Array.from({ length: 480 }, () => 4000)));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prompts-test-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(locale: string, prompt: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(folder, locale), { recursive: true });
  await writeFile(join(folder, locale, `${prompt}.wav`), bytes);
}

const WORDS = Array.from({ length: 32 }, (_, n) => `parola ${n}`);

/** Every recording, and these words. */
async function anItalianPack(locale: string, words: readonly string[] | undefined): Promise<void> {
  await cp(join(OUR_PACKS, 'en'), join(folder, locale), { recursive: true });
  if (words) await writeFile(join(folder, locale, 'words.txt'), words.join('\n'));
}

/** 400 Hz; what is louder than 16 bits is cut off. */
function tone(length: number, amplitude = 8000): number[] {
  const wave = (n: number) => Math.round(amplitude * Math.sin((Math.PI * n) / 10));
  return Array.from({ length }, (_, n) => Math.max(-32_768, Math.min(32_767, wave(n))));
}

async function loadWith(overrideDir: string) {
  return loadPromptLibrary({ defaultLocale: 'en', overrideDir });
}

async function wordsOf(locale: string) {
  return (await loadWith(folder)).voices.find((voice) => voice.locale === locale)?.words;
}

/** Our own packs, found without being told where. */
const ours = await loadPromptLibrary({ defaultLocale: 'en' });

describe('the prompt packs of this repository', () => {
  it('are one for each language that a call can be asked for in', () => {
    expect(ours.locales).toEqual(LOCALES);
  });

  it.each(LOCALES)('have every prompt in %s', (locale) => {
    const pack = ours.pack(locale);
    expect(PROMPT_NAMES.filter((name) => pack.frames(name, 'PCMA').length === 0)).toEqual([]);
  });
});

describe('the pack for a call', () => {
  it.each([
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-Hans-CN', 'zh'],
    ['ZH_cn', 'zh'],
    ['en-GB', 'en'],
    ['pt-BR', 'pt'],
    ['es-419', 'es'],
    ['tlh', 'en'],
    ['', 'en'],
  ])('that asks for "%s" is %s', (asked, got) => {
    expect(ours.pack(asked).locale).toBe(got);
  });

  it('is the default one for a language that has none', async () => {
    expect((await loadPromptLibrary({ defaultLocale: 'zh-TW' })).pack('tlh').locale).toBe('zh');
  });
});

describe('an operator’s own prompts', () => {
  it('replace ours one by one', async () => {
    await put('en', 'operator-name', DIFFERENT);
    const library = await loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder });
    expect(library.pack('en').duration(['operator-name'])).toBe(60);
  });

  it('leave the others as they are', async () => {
    await put('en', 'operator-name', DIFFERENT);
    const theirs = await loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder });
    expect(theirs.pack('en').frames('greeting', 'PCMU')).toEqual(ours.pack('en').frames('greeting', 'PCMU'));
  });

  it('may be a language of their own', async () => {
    await anItalianPack('it', WORDS);
    const library = await loadWith(folder);
    expect(library.pack('it-CH').locale).toBe('it');
  });

  it('may be of a region, written as one likes', async () => {
    await anItalianPack('IT-ch', WORDS);
    const library = await loadPromptLibrary({ defaultLocale: 'it', overrideDir: folder });
    expect([library.locales, library.pack('tlh').locale]).toEqual([[...LOCALES, 'it-CH'].toSorted(), 'it-CH']);
  });

  it('replace ours also where the folder is called EN', async () => {
    await put('EN', 'operator-name', DIFFERENT);
    expect((await loadWith(folder)).pack('en').duration(['operator-name'])).toBe(60);
  });

  it('are refused where two folders are one language', async () => {
    await put('en', 'operator-name', DIFFERENT);
    await put('EN', 'greeting', DIFFERENT);
    await expect(loadWith(folder)).rejects.toThrow(/EN and .*en are of one language/);
  });

  it('may lie beside folders that are no language', async () => {
    await mkdir(join(folder, 'lost+found'));
    const { locales } = await loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder });
    expect(locales).toEqual(LOCALES);
  });
});

describe('the words that page and call share', () => {
  it('are the operator’s own in a language of their own', async () => {
    await anItalianPack('it', WORDS);
    expect(await wordsOf('it')).toEqual(WORDS);
  });

  it('are read as an editor on Windows writes them', async () => {
    await anItalianPack('it', []);
    await writeFile(join(folder, 'it', 'words.txt'), `\uFEFF${WORDS.join('\r\n')}\r\n\r\n`);
    expect(await wordsOf('it')).toEqual(WORDS);
  });

  it('are ours in a language of ours, whoever has recorded them', async () => {
    await put('en', 'word-0', DIFFERENT);
    expect(await wordsOf('en')).toEqual(SHARED_WORDS.en);
  });

  it('may be others in a language of ours, where these are recorded', async () => {
    const words = ['oak', ...SHARED_WORDS.en.slice(1)];
    await put('en', 'word-0', DIFFERENT);
    await writeFile(join(folder, 'en', 'words.txt'), words.join('\n'));
    expect(await wordsOf('en')).toEqual(words);
  });

  it('stop the start where a call would say another than the page shows', async () => {
    await put('en', 'word-0', DIFFERENT);
    await writeFile(join(folder, 'en', 'words.txt'), ['oak', 'elm', ...SHARED_WORDS.en.slice(2)].join('\n'));
    await expect(loadWith(folder)).rejects.toThrow(
      /words\.txt has a word of its own for word-1\.wav, which is not there/,
    );
  });

  it('stop the start where a language of the operator’s own has none', async () => {
    await anItalianPack('it', undefined);
    await expect(loadWith(folder)).rejects.toThrow('"it" has no words.txt: what word-0.wav to word-31.wav say');
  });

  it.each([
    ['are too few', WORDS.slice(1), 'there have to be 32 lines, what word-0.wav to word-31.wav say, and there are 31'],
    ['are too many', [...WORDS, 'altro'], 'and there are 33'],
    ['are one twice', ['Parola 1', ...WORDS.slice(1)], 'line 2 is the same as line 1; each word is another'],
    ['are none', ['123', ...WORDS.slice(1)], 'line 1 has to be a word of at most 30 characters'],
    ['are a sentence', [...WORDS.slice(1), 'a'.repeat(31)], 'line 32 has to be a word of at most 30 characters'],
  ])('stop the start when they %s', async (_, words, reason) => {
    await anItalianPack('it', words);
    await expect(loadWith(folder)).rejects.toThrow(reason);
  });
});

describe('an operator’s own recordings', () => {
  it.each([8000, 11_025, 16_000, 22_050, 44_100, 48_000])('of %i Hz are said as long as they are', async (rate) => {
    await put('en', 'goodbye', aWav(pcm(tone(rate)), { rate }));
    expect((await loadWith(folder)).pack('en').duration(['goodbye'])).toBe(1000);
  });

  it('in stereo are mixed to one', async () => {
    await put('en', 'goodbye', aWav(pcm(tone(16_000)), { channels: 2 }));
    expect((await loadWith(folder)).pack('en').duration(['goodbye'])).toBe(1000);
  });

  it('may lie beside other files', async () => {
    await put('en', 'goodbye', DIFFERENT);
    await writeFile(join(folder, 'en', 'README.txt'), 'who spoke them');
    await writeFile(join(folder, '.DS_Store'), '');
    expect((await loadWith(folder)).doubts).toEqual([]);
  });

  it.each([
    ['are silent', tone(4000, 50), 'nothing can be heard in it'],
    ['are very quiet', tone(4000, 300), 'it is very quiet, 41 dB below full scale'],
    ['were recorded too loud', tone(4000, 200_000), 'it was recorded too loud and crackles'],
  ])('are played and doubted when they %s', async (_, samples, doubt) => {
    await put('en', 'goodbye', aWav(pcm(samples)));
    expect((await loadWith(folder)).doubts).toEqual([`The prompt ${join(folder, 'en', 'goodbye.wav')}: ${doubt}`]);
  });

  it('are doubted when two channels cancel each other', async () => {
    const stereo = tone(4000).flatMap((sample) => [sample, -sample]);
    await put('en', 'goodbye', aWav(pcm(stereo), { channels: 2 }));
    expect((await loadWith(folder)).doubts[0]).toMatch(/nothing can be heard in it$/);
  });
});

describe('prompts that cannot be used', () => {
  it('stop the start when one is missing, with its language, name and file', async () => {
    await put('it', 'greeting', DIFFERENT);
    const loading = loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder });
    await expect(loading).rejects.toMatchObject({
      name: 'MissingPromptError',
      locale: 'it',
      prompt: 'operator-name',
      file: expect.stringContaining(join(folder, 'it', 'operator-name.wav')),
    });
  });

  it('are named in words', () => {
    const error = new MissingPromptError({ locale: 'fr', prompt: 'greeting', file: '/p/fr/greeting.wav' });
    expect(error.message).toBe('Prompt "greeting" of the language "fr" is missing: there is no /p/fr/greeting.wav');
  });

  it.each([
    ['is no WAV file', Buffer.from('not a recording'), 'it is not a WAV file'],
    ['has a rate we cannot use', aWav(pcm([1, 2]), { rate: 4000 }), 'its rate is 4000 Hz; 8000 to 48000 Hz'],
    ['is too long', aWav(pcm(tone(80_080))), 'it takes 10.0 s; a phrase may take 10 s'],
    ['is empty', aWav(new Uint8Array()), 'it is empty'],
  ])('stop the start when one %s', async (_, bytes, reason) => {
    await put('en', 'goodbye', bytes);
    await expect(loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder })).rejects.toThrow(
      `The prompt ${join(folder, 'en', 'goodbye.wav')} cannot be used: ${reason}`,
    );
  });

  it.each([
    ['is too long', tone(24_000), 'it takes 3.0 s; a digit may take 2 s'],
    ['is silent', tone(4000, 50), 'nothing can be heard in it, so no code with this digit could be told'],
  ])('stop the start when a digit %s', async (_, samples, reason) => {
    await put('en', 'digit-7', aWav(pcm(samples)));
    await expect(loadWith(folder)).rejects.toThrow(
      `The prompt ${join(folder, 'en', 'digit-7.wav')} cannot be used: ${reason}`,
    );
  });

  it('are named all at once', async () => {
    await put('en', 'goodbye', Buffer.from('not a recording'));
    await put('zh', 'greting', DIFFERENT);
    const error = await loadWith(folder).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/greting[^]*goodbye\.wav cannot be used/);
  });

  it.each([
    ['greting', 'There is no prompt "greting" (FILE): did you mean greeting.wav?'],
    ['Greeting', 'There is no prompt "Greeting" (FILE): did you mean greeting.wav?'],
    ['digit_7', 'There is no prompt "digit_7" (FILE): did you mean digit-7.wav?'],
    ['welcome-message', 'There is no prompt "welcome-message" (FILE): the phrases are greeting, operator-name, '],
  ])('stop the start when one is called %s', async (name, words) => {
    await put('en', name, DIFFERENT);
    await expect(loadWith(folder)).rejects.toThrow(words.replace('FILE', join(folder, 'en', `${name}.wav`)));
  });

  it('stop the start when one is in another format', async () => {
    await mkdir(join(folder, 'en'));
    await writeFile(join(folder, 'en', 'greeting.mp3'), 'ID3');
    await expect(loadWith(folder)).rejects.toThrow(
      'greeting.mp3 is not read: prompts are WAV files, greeting.wav (ffmpeg -i greeting.mp3 -ar 16000 -ac 1 greeting.wav)',
    );
  });

  it('stop the start when they lie in no language', async () => {
    await writeFile(join(folder, 'greeting.wav'), DIFFERENT);
    await expect(loadWith(folder)).rejects.toThrow(`lies beside the languages: move it to ${join(folder, 'en')}`);
  });

  it('stop the start when their folder is not named after a language', async () => {
    await put('english', 'greeting', DIFFERENT);
    await expect(loadWith(folder)).rejects.toThrow('is not named after a language, such as en or pt-BR');
  });

  it('stop the start when their folder is not there', async () => {
    const loading = loadPromptLibrary({ defaultLocale: 'en', overrideDir: join(folder, 'nowhere') });
    await expect(loading).rejects.toThrow(PromptError);
  });

  it('stop the start when the default language has none', async () => {
    await expect(loadPromptLibrary({ defaultLocale: 'tlh' })).rejects.toThrow(
      'There is no prompt pack for the default language "tlh"; there are: de, en, es, fr, pt, zh',
    );
  });
});
