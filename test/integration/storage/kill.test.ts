import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import { fillDisk } from '../../support/full-disk.ts';
import { StoreUser, type StoreUserMessage } from '../../support/store-user.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROUNDS = 10;
const FULL_ROUNDS = 6;
const LONGEST_LIFE = 150;
/** Bytes that any file may have on a full disk: the journal stops in the middle of a frame, or a page does. */
const MOST_ROOM = 2_000;

/** The revision of each verification that was acknowledged last; without those that a purge may have taken since. */
function acknowledged(said: readonly StoreUserMessage[]): Map<string, number> {
  const revisions = new Map<string, number>();
  for (const { id, revision } of said) if (id !== undefined && revision !== undefined) revisions.set(id, revision);
  for (const { finishing } of said) if (finishing !== undefined) revisions.delete(finishing);
  return revisions;
}

/** Lets processes use one store, one after the other, each of which is killed; `live` is what happens in a life. */
async function killed(rounds: number, live: (user: StoreUser) => Promise<void>) {
  const file = join(await temporaryFolder(), 'ringproof.json');
  const [lost, doubled, back]: [string[], string[], string[]] = [[], [], []];
  const counts = { written: 0, denied: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const user = new StoreUser('write', file, round);
    expect(await user.first).toMatchObject({ opened: user.pid });
    await live(user);
    await user.kill();

    const store = await LowdbStore.open(file);
    for (const [id, revision] of acknowledged(user.said)) {
      counts.written += 1;
      if (((await store.find(id))?.revision ?? -1) < revision) lost.push(`${id} revision ${revision}`);
    }
    for (const { denied } of user.said) {
      if (denied === undefined) continue;
      counts.denied += 1;
      if (await store.find(denied)) back.push(denied);
    }
    const numbers = (await store.pending()).map(({ to }) => to);
    doubled.push(...numbers.filter((number, at) => numbers.indexOf(number) !== at));
    await store.close();
  }
  return { lost, doubled, back, ...counts };
}

/** Not waiting for luck: any moment must do, and each round picks another. */
async function aWhile(): Promise<void> {
  await sleep(Math.random() * LONGEST_LIFE);
}

describe('a store whose process is killed at any moment', () => {
  it(`opens with every acknowledged write, ${ROUNDS} times over`, { timeout: 60_000 }, async () => {
    const { written, ...faults } = await killed(ROUNDS, aWhile);
    expect(written).toBeGreaterThan(0);
    expect(faults).toEqual({ lost: [], doubled: [], back: [], denied: 0 });
  });

  it('opens with nothing that was denied while the disk was full', { timeout: 60_000 }, async () => {
    const { denied, written, ...faults } = await killed(FULL_ROUNDS, async (user) => {
      await aWhile();
      const makeRoom = await fillDisk(Math.floor(Math.random() * MOST_ROOM), user.pid);
      await user.next('denied');
      if (Math.random() < 0.5) await makeRoom();
      await aWhile();
    });
    expect({ denied: denied > 0, written: written > 0 }).toEqual({ denied: true, written: true });
    expect(faults).toEqual({ lost: [], doubled: [], back: [] });
  });
});
