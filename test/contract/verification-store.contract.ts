import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { destinationOf } from '../../server/verification/destination.ts';
import type { VerificationStore } from '../../server/verification/ports.ts';
import { aVerification } from '../fakes/a-verification.ts';
import { codeOf, notThe, verificationWorld } from '../support/verification-world.ts';

/** Another pending verification, of another number and code. */
const another = (overrides: Parameters<typeof aVerification>[0] = {}) =>
  aVerification({ id: 'ver_2', to: '+12025550124', codeHash: 'hash-of-000111', ...overrides });

/** The person is to call. */
const awaited = (overrides: Parameters<typeof aVerification>[0] = {}) =>
  aVerification({ method: 'dial-in', dialIn: '+12025550199', ...overrides });

const finished = (overrides: Parameters<typeof aVerification>[0] = {}) => {
  const { codeHash: _spent, ...rest } = aVerification({ status: 'verified', ...overrides });
  return rest;
};

/** What every VerificationStore must do. Each adapter's test calls this; none repeats it. */
export function verificationStoreContract(open: () => Promise<VerificationStore>): void {
  describe('as a VerificationStore', () => {
    let store: VerificationStore;

    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => store.close());

    it('finds what was inserted', async () => {
      const verification = aVerification({ idempotencyKeyHash: 'k', metadata: { order: '17' } });
      expect(await store.insert(verification)).toBe('inserted');
      expect(await store.find('ver_1')).toEqual(verification);
    });

    it('finds nothing under an unknown id', async () => {
      expect(await store.find('nobody')).toBeUndefined();
    });

    it('refuses a second live verification of a number', async () => {
      await store.insert(aVerification());
      expect(await store.insert(another({ to: aVerification().to }))).toBe('number-taken');
      expect(await store.find('ver_2')).toBeUndefined();
    });

    it('keeps the extensions of a company line apart, however long the pauses before their keys are', async () => {
      const line = { to: aVerification().to, extension: ',204#' };
      await store.insert(aVerification(line));
      expect(await store.insert(another({ to: line.to }))).toBe('inserted');
      expect(await store.insert(another({ ...line, id: 'ver_3', codeHash: 'hash-3', extension: '205#' }))).toBe(
        'inserted',
      );
      expect(await store.insert(another({ ...line, id: 'ver_4', codeHash: 'hash-4', extension: ',,w204#' }))).toBe(
        'number-taken',
      );
      expect(await store.findLive('shop', destinationOf(line))).toMatchObject({ id: 'ver_1' });
      expect(await store.findLive('shop', line.to)).toMatchObject({ id: 'ver_2' });
    });

    it('refuses a second live verification with a code', async () => {
      await store.insert(aVerification());
      expect(await store.insert(another({ codeHash: 'hash-of-482913' }))).toBe('code-taken');
      expect(await store.find('ver_2')).toBeUndefined();
    });

    it('keeps relying parties apart', async () => {
      await store.insert(aVerification());
      expect(await store.insert(aVerification({ id: 'ver_2', relyingParty: 'bank' }))).toBe('inserted');
      expect(await store.findLive('bank', aVerification().to)).toMatchObject({ id: 'ver_2' });
    });

    it('keeps numbers and codes of one dial-in number one to one across relying parties', async () => {
      await store.insert(awaited());
      const others = { id: 'ver_2', relyingParty: 'bank' };
      expect(await store.insert(awaited({ ...others, codeHash: 'hash-of-000111' }))).toBe('number-taken');
      expect(await store.insert(awaited({ ...others, to: '+12025550124' }))).toBe('code-taken');
      expect(await store.insert(awaited({ ...others, dialIn: '+12025550198' }))).toBe('inserted');
    });

    it('keeps a number that is to call one to one with those that are rung for its relying party', async () => {
      await store.insert(aVerification());
      expect(await store.insert(awaited({ id: 'ver_2' }))).toBe('number-taken');
    });

    it('finds who is to call a dial-in number, as long as it is waited for', async () => {
      await store.insert(awaited());
      await store.insert(another());
      expect(await store.findDialIn('+12025550199', '+12025550123')).toEqual(awaited());
      expect(await store.findDialIn('+12025550199', '+12025550124')).toBeUndefined();
      await store.replace(finished({ method: 'dial-in', dialIn: '+12025550199' }));
      expect(await store.findDialIn('+12025550199', '+12025550123')).toBeUndefined();
      expect(await store.insert(awaited({ id: 'ver_3', relyingParty: 'bank' }))).toBe('inserted');
    });

    it('refuses a new code that a live verification of another relying party has at the same dial-in number', async () => {
      await store.insert(awaited());
      const banks = awaited({ id: 'ver_2', relyingParty: 'bank', to: '+12025550124', codeHash: 'hash-of-000111' });
      await store.insert(banks);
      expect(await store.replace({ ...banks, codeHash: 'hash-of-482913' })).toBe('code-taken');
    });

    it('lets one of many race for a number', async () => {
      const racers = Array.from({ length: 20 }, (_, each) =>
        another({ id: `ver_${each}`, to: '+12025550100', codeHash: `hash-${each}` }),
      );
      const results = await Promise.all(racers.map(async (racer) => store.insert(racer)));
      expect(results.toSorted()).toEqual(['inserted', ...Array.from({ length: 19 }, () => 'number-taken')]);
    });

    it('finds the live verification of a number', async () => {
      await store.insert(aVerification());
      expect(await store.findLive('shop', '+12025550123')).toEqual(aVerification());
    });

    it('finds no live verification where the last one is over', async () => {
      await store.insert(aVerification());
      await store.replace(finished());
      expect(await store.findLive('shop', '+12025550123')).toBeUndefined();
    });

    it('gives number and code free when a verification is over', async () => {
      await store.insert(aVerification());
      await store.replace(finished());
      expect(await store.insert(aVerification({ id: 'ver_2' }))).toBe('inserted');
    });

    it('gives number and code free to whoever comes at the same moment as the end', async () => {
      await store.insert(aVerification());
      const [, inserted] = await Promise.all([
        store.replace(finished()),
        store.insert(another({ to: aVerification().to })),
      ]);
      expect(inserted).toBe('inserted');
    });

    it('gives the old code free when a verification gets a new one', async () => {
      await store.insert(aVerification());
      await store.replace(aVerification({ codeHash: 'hash-of-555555' }));
      expect(await store.insert(another({ codeHash: 'hash-of-482913' }))).toBe('inserted');
    });

    it('refuses a new code that another live verification has', async () => {
      await store.insert(aVerification());
      await store.insert(another());
      expect(await store.replace(another({ codeHash: 'hash-of-482913' }))).toBe('code-taken');
      expect(await store.find('ver_2')).toEqual(another());
    });

    it('writes a change as the next revision', async () => {
      await store.insert(aVerification());
      expect(await store.replace(aVerification({ attemptsLeft: 4 }))).toBe('replaced');
      expect(await store.find('ver_1')).toMatchObject({ attemptsLeft: 4, revision: 1 });
    });

    it('refuses a write made from an older revision', async () => {
      await store.insert(aVerification());
      await store.replace(aVerification({ attemptsLeft: 2 }));
      expect(await store.replace(aVerification({ attemptsLeft: 1 }))).toBe('conflict');
      expect(await store.find('ver_1')).toMatchObject({ attemptsLeft: 2, revision: 1 });
    });

    it('lets one of many writes made from one revision pass', async () => {
      await store.insert(aVerification());
      const results = await Promise.all(
        Array.from({ length: 20 }, async (_, each) => store.replace(aVerification({ attemptsLeft: each }))),
      );
      expect(results.toSorted()).toEqual([...Array.from({ length: 19 }, () => 'conflict'), 'replaced']);
    });

    it('refuses a write of what was never inserted', async () => {
      expect(await store.replace(aVerification())).toBe('conflict');
    });

    it('finds a verification by its idempotency key, also when it is over', async () => {
      await store.insert(aVerification({ idempotencyKeyHash: 'k' }));
      await store.replace(finished({ idempotencyKeyHash: 'k' }));
      expect(await store.findByIdempotencyKey('shop', 'k')).toMatchObject({ id: 'ver_1', status: 'verified' });
      expect(await store.findByIdempotencyKey('bank', 'k')).toBeUndefined();
    });

    it('lists the newest first, and goes on after the last one seen', async () => {
      await store.insert(finished({ id: 'ver_a', createdAt: 1 }));
      await store.insert(finished({ id: 'ver_b', createdAt: 2 }));
      await store.insert(finished({ id: 'ver_c', createdAt: 2 }));
      const first = await store.list({ limit: 2 });
      expect(first.map(({ id }) => id)).toEqual(['ver_c', 'ver_b']);
      const rest = await store.list({ limit: 2, after: { createdAt: 2, id: 'ver_b' } });
      expect(rest.map(({ id }) => id)).toEqual(['ver_a']);
    });

    it.each([
      [{ relyingParty: 'bank' }, 'ver_bank'],
      [{ status: 'pending' }, 'ver_2'],
      [{ to: '+12025550199' }, 'ver_other'],
      [{ method: 'spoken' }, 'ver_spoken'],
      [{ from: 500 }, 'ver_young'],
      [{ until: -1 }, 'ver_old'],
    ] as const)('lists only what %j asks for', async (query, id) => {
      await store.insert(another());
      await store.insert(finished({ id: 'ver_bank', relyingParty: 'bank' }));
      await store.insert(finished({ id: 'ver_other', to: '+12025550199' }));
      await store.insert(finished({ id: 'ver_spoken', method: 'spoken' }));
      await store.insert(finished({ id: 'ver_young', createdAt: 500 }));
      await store.insert(finished({ id: 'ver_old', createdAt: -2 }));
      expect((await store.list({ ...query, limit: 10 })).map((each) => each.id)).toEqual([id]);
    });

    it('lists what is pending', async () => {
      await store.insert(aVerification());
      await store.insert(another());
      await store.replace(finished());
      expect((await store.pending()).map(({ id }) => id)).toEqual(['ver_2']);
    });

    it('lists what is pending beyond its time, to the millisecond', async () => {
      await store.insert(aVerification({ expiresAt: 1_000 }));
      await store.insert(another({ expiresAt: 1_001 }));
      expect((await store.pending({ expiredBy: 1_000 })).map(({ id }) => id)).toEqual(['ver_1']);
    });

    it('lists whose call has not ended, whether pending or over', async () => {
      await store.insert(aVerification());
      await store.insert(another());
      await store.insert(another({ id: 'ver_3', to: '+12025550125', codeHash: 'hash-3', call: endedCall }));
      await store.replace(finished());
      expect((await store.inCall()).map(({ id }) => id).toSorted()).toEqual(['ver_1', 'ver_2']);
    });

    it('forgets what finished before a time, and nothing else', async () => {
      await store.insert(finished({ id: 'ver_old', updatedAt: 999, idempotencyKeyHash: 'k' }));
      await store.insert(finished({ id: 'ver_young', updatedAt: 1_000 }));
      await store.insert(another({ updatedAt: 0 }));

      expect(await store.purge(1_000)).toBe(1);

      expect(await store.find('ver_old')).toBeUndefined();
      expect(await store.findByIdempotencyKey('shop', 'k')).toBeUndefined();
      expect(await store.find('ver_young')).toBeDefined();
      expect(await store.find('ver_2')).toBeDefined();
    });

    it('takes new verifications after it has forgotten all', async () => {
      await store.insert(finished({ updatedAt: 1 }));
      await store.purge(2);
      expect(await store.insert(aVerification())).toBe('inserted');
      expect(await store.find('ver_1')).toEqual(aVerification());
    });

    it('loses no wrong guess when a hundred race', async () => {
      const world = verificationWorld({ store });
      const created = await world.create({ method: 'spoken' });
      const wrong = notThe(codeOf(world, created));

      const guesses = await Promise.allSettled(
        Array.from({ length: 100 }, async () => world.service.check(created.verification.id, wrong)),
      );

      expect(guesses.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      expect(await store.find(created.verification.id)).toMatchObject({ status: 'locked', attemptsLeft: 0 });
    });

    it('closes twice without harm', async () => {
      await store.close();
      await expect(store.close()).resolves.toBeUndefined();
    });
  });
}

const endedCall = { id: 'call_3', number: 1, state: 'ended', keys: 0, outcome: 'busy' } as const;
