import { EventEmitter, once } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../server/storage/memory-store.ts';
import type { VerificationStore } from '../../../server/verification/ports.ts';
import type { Erased } from '../../../server/verification/service.ts';
import { A_NUMBER, ANOTHER_NUMBER, settled, verificationWorld } from '../../support/verification-world.ts';

/** A store whose answers come in whatever order the scheduler finds worst, until nobody schedules any more. */
function unhurried(inner: VerificationStore, scheduler: fc.Scheduler) {
  let isScheduled = true;
  const turn = async (what: string): Promise<void> => {
    if (isScheduled) await scheduler.schedule(Promise.resolve(), what);
  };
  const late = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    await turn(`${what} begins`);
    const answer = await work();
    await turn(`${what} is known`);
    return answer;
  };
  const store: VerificationStore = {
    insert: async (...args) => late('insert', async () => inner.insert(...args)),
    find: async (...args) => late('find', async () => inner.find(...args)),
    findLive: async (...args) => late('findLive', async () => inner.findLive(...args)),
    findDialIn: async (...args) => late('findDialIn', async () => inner.findDialIn(...args)),
    findByIdempotencyKey: async (...args) => late('findByKey', async () => inner.findByIdempotencyKey(...args)),
    replace: async (...args) => late('replace', async () => inner.replace(...args)),
    list: async (...args) => late('list', async () => inner.list(...args)),
    pending: async (...args) => late('pending', async () => inner.pending(...args)),
    inCall: async () => late('inCall', async () => inner.inCall()),
    purge: async (...args) => late('purge', async () => inner.purge(...args)),
    erase: async (...args) => late('erase', async () => inner.erase(...args)),
    close: async () => inner.close(),
  };
  const hurry = (): void => {
    isScheduled = false;
  };
  return { store, hurry };
}

async function refuseAll(): Promise<void> {
  throw new Error('the disk is full');
}

describe('An erasure', () => {
  it('leaves nothing of a verification, or comes before it, however it races with creations and calls', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const memory = new MemoryStore();
        const { store, hurry } = unhurried(memory, scheduler);
        const world = verificationWorld({ store });
        const forgotten: Erased[] = [];
        const running = scheduler.waitFor(
          Promise.allSettled([
            world.create({ method: 'spoken' }),
            world.create({ relyingParty: 'bank' }),
            world.service.erase({ to: A_NUMBER, forgetRest: async (erased) => void forgotten.push(erased) }),
            world.create({ relyingParty: 'club', method: 'dial-in' }),
            world.create({ idempotencyKey: 'k', method: 'spoken' }),
            world.create({ to: ANOTHER_NUMBER, relyingParty: 'bank' }),
          ]),
        );
        const results = await running;
        await scheduler.waitIdle();
        hurry();

        expect(results.map(({ status }) => status)).toEqual(results.map(() => 'fulfilled'));
        const kept = await memory.list({ limit: Infinity });
        const gone = new Set(forgotten.flatMap(({ verifications }) => verifications));
        expect(kept.filter(({ id }) => gone.has(id))).toEqual([]);
        const made = results.flatMap((each) =>
          each.status === 'fulfilled' && 'verification' in each.value ? [each.value.verification] : [],
        );
        for (const { id } of made) expect([gone.has(id), kept.some((each) => each.id === id)]).toContain(true);
        // A call is up exactly where its verification is pending.
        const pending = new Set(kept.filter(({ status }) => status === 'pending').map(({ call }) => call.id));
        for (const call of world.telephony.calls) expect(call.hungUp).toBe(!pending.has(call.request.id));
        expect(world.errors).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('makes a creation of the number wait until everything of the person is forgotten', async () => {
    const world = verificationWorld();
    await world.create();
    const order: string[] = [];
    const rest = new EventEmitter();
    const forgetRest = async (): Promise<void> => void (await once(rest, 'forgotten'));
    const erasing = world.service.erase({ to: A_NUMBER, forgetRest });
    const creating = world.create({ relyingParty: 'bank' }).then(() => order.push('created'));
    await world.create({ to: ANOTHER_NUMBER }).then(() => order.push('somebody else'));
    rest.emit('forgotten');
    await erasing.then(() => order.push('erased'));
    await creating;
    expect(order).toEqual(['somebody else', 'erased', 'created']);
  });

  it('keeps the records when the rest cannot be forgotten, so that asking again finds them', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    await expect(world.service.erase({ to: A_NUMBER, forgetRest: refuseAll })).rejects.toThrow('the disk is full');
    expect(await world.service.erase({ to: A_NUMBER })).toMatchObject({ verifications: [verification.id] });
  });

  it('hangs up a call whose verification is over and which still speaks', async () => {
    const world = verificationWorld();
    const { code = '' } = await world.create();
    const { last } = world.telephony;
    last.progress('collecting');
    await last.key(code);
    await world.service.erase({ to: A_NUMBER });
    expect(last.hungUp).toBe(true);
    expect(world.errors).toEqual([]);
  });

  it('of one relying party hangs up nothing of another', async () => {
    const world = verificationWorld();
    const theirs = await world.create({ relyingParty: 'bank' });
    await world.create();
    await world.service.erase({ to: A_NUMBER, relyingParty: 'shop' });
    expect(world.telephony.calls.map(({ hungUp }) => hungUp)).toEqual([false, true]);
    expect(await settled(world, theirs.verification.id)).toMatchObject({ status: 'pending' });
  });
});
