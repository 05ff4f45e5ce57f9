import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../../server/config.ts';
import { viewOf } from '../../../server/http/view.ts';
import { SHARED_WORD_COUNT, SHARED_WORDS, sharedWord } from '../../../server/verification/shared-words.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { settled, verificationWorld } from '../../support/verification-world.ts';

describe.each(Object.entries(SHARED_WORDS))('the words of the language %s', (_locale, words) => {
  it('are as many as any other language has, no two alike', () => {
    expect(new Set(words).size).toBe(SHARED_WORD_COUNT);
    expect(words).toHaveLength(SHARED_WORD_COUNT);
  });

  it('are short', () => {
    expect(words.filter((word) => word.length > 12)).toEqual([]);
  });
});

describe('a word that page and call share', () => {
  it.each(LOCALES)('is there in the language %s of our voices', (locale) => {
    expect(sharedWord(locale, SHARED_WORD_COUNT - 1)).toBeDefined();
  });

  it('is the same on the page and in the call', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ sayWord: true });
    const { word } = world.telephony.last.request;
    expect(viewOf(verification).word).toBe(SHARED_WORDS.en[word ?? -1]);
  });

  it('is of the language that the call is held in', () => {
    expect(viewOf(aVerification({ locale: 'zh', word: 3 })).word).toBe(SHARED_WORDS.zh[3]);
  });

  it('is drawn for nobody who did not ask', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    expect([viewOf(verification).word, world.telephony.last.request.word]).toEqual([undefined, undefined]);
  });

  it('is drawn for no language without words', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ sayWord: true, locale: 'qaa' });
    expect([viewOf(verification).word, world.telephony.last.request.word]).toEqual([undefined, undefined]);
  });

  it('is another for another verification, in time', async () => {
    const world = verificationWorld();
    const words = new Set<number | undefined>();
    for (let turn = 0; turn < 40; turn++) words.add((await world.create({ sayWord: true })).verification.word);
    expect(words.size).toBeGreaterThan(5);
  });

  it('stays the same when the number is called again', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ sayWord: true, method: 'spoken' });
    const first = world.telephony.last;
    first.end('hung-up', { codeDelivered: true });
    await settled(world, verification.id);
    await world.service.callAgain(verification.id);
    expect(world.telephony.last.request).toMatchObject({ word: first.request.word });
  });

  it('makes a repeated request another one, if only one of them asked for it', async () => {
    const world = verificationWorld();
    await world.create({ idempotencyKey: 'k', sayWord: true });
    await expect(world.create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('is not drawn anew for a repeated request', async () => {
    const world = verificationWorld();
    const first = await world.create({ idempotencyKey: 'k', sayWord: true });
    const second = await world.create({ idempotencyKey: 'k', sayWord: true });
    expect(second.verification.word).toBe(first.verification.word);
  });
});
