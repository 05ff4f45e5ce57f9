import { beforeAll, describe, expect, it } from 'vitest';
import { Refusal, Unreachable } from '../../../client/api/refusal.ts';
import { en, type Words } from '../../../client/words/en.ts';
import { chooseLanguage, LANGUAGES, voiceFor, wordsOf } from '../../../client/words/language.ts';
import { describeTrouble } from '../../../client/words/trouble.ts';
import { PROBLEMS } from '../../../server/http/problem.ts';

describe('the language of the pages', () => {
  it('is the first of the browser’s that they speak', () => {
    expect(chooseLanguage(['ja-JP', 'zh-TW', 'en'])).toMatchObject({ language: { tag: 'zh-CN' }, isTheirs: true });
  });

  it('is English for everybody else, who did not ask for it', () => {
    expect(chooseLanguage(['ja-JP', 'it'])).toMatchObject({ language: { tag: 'en' }, isTheirs: false });
  });

  it('is English where the words of another cannot be had', async () => {
    const german = { tag: 'de', name: 'Deutsch', load: async () => Promise.reject(new TypeError('Failed to fetch')) };
    expect(await wordsOf(german)).toBe(en);
  });

  it('asks for the voice by the name that the server has for it', () => {
    const zh = { tag: 'zh-CN' };
    expect([voiceFor(zh, ['en', 'zh']), voiceFor(zh, ['en', 'zh-CN']), voiceFor(zh, ['en'])]).toEqual([
      'zh',
      'zh-CN',
      undefined,
    ]);
  });
});

describe.each(LANGUAGES.map((language) => [language.name, language] as const))('the words in %s', (_name, language) => {
  let words: Words;

  beforeAll(async () => {
    words = await language.load();
  });

  it('are those of the language', () => {
    expect(words.tag).toBe(language.tag);
  });

  it('have a sentence for every refusal of the API', () => {
    const general = words.trouble.other;
    const unspoken = Object.keys(PROBLEMS).filter((code) => describeTrouble(new Refusal(400, code), words) === general);
    expect(unspoken).toEqual([]);
  });

  it('say when to try again where the API does', () => {
    expect(describeTrouble(new Refusal(503, 'telephony_unavailable', 30), words)).toContain('30');
  });

  it('say it vaguely where the API does not', () => {
    const { refusals, trouble } = words;
    const said = describeTrouble(new Refusal(503, 'starting'), words);
    expect([said.startsWith(refusals.starting), said.endsWith(trouble.soon)]).toEqual([true, true]);
  });

  it('say it in minutes where it is long', () => {
    expect(words.trouble.retryIn(300)).toMatch(/\b5\b/);
  });

  it('have a sentence for a refusal that they do not know', () => {
    expect(describeTrouble(new Refusal(418, 'toString'), words)).toBe(words.trouble.other);
  });

  it('have a sentence for a server that cannot be reached', () => {
    expect(describeTrouble(new Unreachable('gone'), words)).toBe(words.trouble.offline);
  });

  it('have every phrase, and none that is empty', () => {
    const spoken = phrasesOf(words).filter(({ text }) => text.trim() !== '');
    expect(spoken.map(({ key }) => key)).toEqual(phrasesOf(en).map(({ key }) => key));
  });

  it('say what English says of a number, a language or a count, in every phrase', () => {
    const said = phrasesOf(words).map(({ key, text }) => `${key}: ${placesIn(text)}`);
    expect(said).toEqual(phrasesOf(en).map(({ key, text }) => `${key}: ${placesIn(text)}`));
  });

  it('let no line begin with a mark that ends a sentence', () => {
    expect(phrasesOf(words).filter(({ text }) => / [?!:;»…]/.test(text))).toEqual([]);
  });

  it('leave nothing in English', () => {
    const english = new Set(words === en ? [] : phrasesOf(en).map(({ text }) => text));
    expect(phrasesOf(words).filter(({ key, text }) => !SAME.has(key) && english.has(text))).toEqual([]);
  });
});

describe('counting', () => {
  it.each([
    ['de', 'Ein\u00A0Versuch bleibt.', '2\u00A0Versuche bleiben.'],
    ['en', 'One\u00A0try is left.', '2\u00A0tries are left.'],
    ['es', 'Queda un\u00A0intento.', 'Quedan 2\u00A0intentos.'],
    ['fr', 'Il reste 1\u00A0essai.', 'Il reste 2\u00A0essais.'],
    ['pt', 'Resta uma\u00A0tentativa.', 'Restam 2\u00A0tentativas.'],
    ['zh', '还可以尝试 1 次。', '还可以尝试 2 次。'],
  ])('is right in %s', async (tag, one, two) => {
    const { call } = await wordsOf(chooseLanguage([tag]).language);
    expect([call.wrongCode(1).endsWith(one), call.wrongCode(2).endsWith(two)]).toEqual([true, true]);
  });
});

interface Phrase {
  readonly key: string;
  readonly text: string;
}

/** What stands for what a phrase is told. */
const PLACES = ['⟨0⟩', '⟨1⟩'] as const;
/** What is the same in every language: a key of the phone by its sign, a number and a time in digits. */
const SAME: ReadonlySet<string> = new Set(['phone.key', 'trouble.retryIn']);

/** Every phrase; those that are told something, with places for it. */
function phrasesOf(words: object, path = ''): Phrase[] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    const key = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') return [{ key, text: value }];
    if (typeof value === 'function') return [{ key, text: String(Reflect.apply(value, undefined, PLACES)) }];
    return typeof value === 'object' && value !== null ? phrasesOf(value, key) : [];
  });
}

function placesIn(text: string): string {
  return PLACES.filter((place) => text.includes(place)).join(' ');
}
