import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPromptLibrary, MissingPromptError, PromptError } from '../../../sip-gateway/prompts/prompt-library.ts';
import { PROMPT_NAMES } from '../../../sip-gateway/prompts/prompt-name.ts';
import { LOCALES } from '../../../server/config.ts';
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
    await cp(join(OUR_PACKS, 'en'), join(folder, 'it'), { recursive: true });
    const library = await loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder });
    expect(library.pack('it-CH').locale).toBe('it');
  });

  it('may lie beside folders that are no language', async () => {
    await mkdir(join(folder, 'lost+found'));
    const { locales } = await loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder });
    expect(locales).toEqual(LOCALES);
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
    ['has a rate we cannot use', aWav(pcm([1, 2]), { rate: 96_000 }), 'its rate is 96000 Hz'],
    ['is empty', aWav(new Uint8Array()), 'it is empty'],
  ])('stop the start when one %s', async (_, bytes, reason) => {
    await put('en', 'goodbye', bytes);
    await expect(loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder })).rejects.toThrow(
      `The prompt ${join(folder, 'en', 'goodbye.wav')} cannot be used: ${reason}`,
    );
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
