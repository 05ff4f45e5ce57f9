import { describe, expect, it } from 'vitest';
import { Refusal, Unreachable } from '../../../client/api/refusal.ts';
import { chooseLanguage, LANGUAGES, voiceFor } from '../../../client/words/language.ts';
import { en } from '../../../client/words/en.ts';
import { describeTrouble } from '../../../client/words/trouble.ts';
import { zh } from '../../../client/words/zh.ts';
import { PROBLEMS } from '../../../server/http/problem.ts';

describe('the language of the pages', () => {
  it('is the first of the browser’s that they speak', () => {
    expect(chooseLanguage(['fr-FR', 'zh-TW', 'en']).tag).toBe('zh-CN');
  });

  it('is English for everybody else', () => {
    expect(chooseLanguage(['fr-FR', 'de']).tag).toBe('en');
  });

  it('asks for the voice by the name that the server has for it', () => {
    expect([voiceFor(zh, ['en', 'zh']), voiceFor(zh, ['en', 'zh-CN']), voiceFor(zh, ['en'])]).toEqual([
      'zh',
      'zh-CN',
      undefined,
    ]);
  });
});

describe.each(LANGUAGES.map((words) => [words.name, words] as const))('trouble in %s', (_name, words) => {
  it('has a sentence for every refusal of the API', () => {
    const general = words.trouble.other;
    const unspoken = Object.keys(PROBLEMS).filter((code) => describeTrouble(new Refusal(400, code), words) === general);
    expect(unspoken).toEqual([]);
  });

  it('says when to try again where the API does', () => {
    expect(describeTrouble(new Refusal(503, 'telephony_unavailable', 30), words)).toContain('30');
  });

  it('has a sentence for a refusal that it does not know', () => {
    expect(describeTrouble(new Refusal(418, 'toString'), words)).toBe(words.trouble.other);
  });

  it('has a sentence for a server that cannot be reached', () => {
    expect(describeTrouble(new Unreachable('gone'), words)).toBe(words.trouble.offline);
  });
});

describe('the languages', () => {
  it('leave no phrase empty', () => {
    expect(LANGUAGES.flatMap((words) => emptyPhrases(words))).toEqual([]);
  });

  it('do not share sentences, so that none was left untranslated', () => {
    const english = new Set(phrases(en));
    expect(phrases(zh).filter((phrase) => english.has(phrase))).toEqual([]);
  });
});

function phrases(words: object): string[] {
  return Object.values(words).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? phrases(value) : [];
  });
}

function emptyPhrases(words: object): string[] {
  return phrases(words).filter((phrase) => phrase.trim() === '');
}
