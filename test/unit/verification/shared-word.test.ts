import { describe, expect, it } from 'vitest';
import { LOCALES } from '../../../server/config.ts';
import { viewOf } from '../../../server/http/view.ts';
import { SHARED_WORD_COUNT, SHARED_WORDS } from '../../../server/verification/shared-words.ts';
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
  it('is there in each language of our voices', () => {
    expect(Object.keys(SHARED_WORDS)).toEqual(LOCALES);
  });

  it('is the same on the page and in the call', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ sayWord: true });
    const { word } = world.telephony.last.request;
    expect(viewOf(verification).word).toBe(SHARED_WORDS.en[word ?? -1]);
  });

  it('is of the language that the call is held in', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ sayWord: true, locale: 'zh' });
    expect(SHARED_WORDS.zh).toContain(viewOf(verification).word);
  });

  it('is one of the operator’s own, in a language that they have recorded', async () => {
    const world = verificationWorld();
    world.telephony.voices = [{ locale: 'it', words: ['mela', 'fiume'] }];
    const { verification } = await world.create({ sayWord: true, locale: 'it' });
    const { word } = world.telephony.last.request;
    expect(viewOf(verification).word).toBe(['mela', 'fiume'][word ?? -1]);
  });

  it('is drawn for nobody who did not ask', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    expect([viewOf(verification).word, world.telephony.last.request.word]).toEqual([undefined, undefined]);
  });

  it('is refused in a language that no call is held in, and nobody is rung', async () => {
    const world = verificationWorld();
    await expect(world.create({ sayWord: true, locale: 'qaa' })).rejects.toMatchObject({ code: 'unknown_locale' });
    expect(world.telephony.calls).toEqual([]);
  });

  it('stays as it was shown when the list becomes another', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ sayWord: true });
    world.telephony.voices = [{ locale: 'en', words: ['other'] }];
    expect(viewOf(await world.service.get(verification.id)).word).toBe(viewOf(verification).word);
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
