import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import { StoreUser, type StoreUserMessage } from '../../support/store-user.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROUNDS = 10;
const LONGEST_LIFE = 150;

/** The revision of each verification that was acknowledged last; without those that a purge may have taken since. */
function acknowledged(said: readonly StoreUserMessage[]): Map<string, number> {
  const revisions = new Map<string, number>();
  for (const { id, revision } of said) if (id !== undefined && revision !== undefined) revisions.set(id, revision);
  for (const { finishing } of said) if (finishing !== undefined) revisions.delete(finishing);
  return revisions;
}

describe('a store whose process is killed at any moment', () => {
  it(`opens with every acknowledged write, ${ROUNDS} times over`, { timeout: 60_000 }, async () => {
    const file = join(await temporaryFolder(), 'ringproof.json');
    const lost: string[] = [];
    const doubled: string[] = [];
    let writes = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = new StoreUser('write', file, round);
      expect(await user.first).toMatchObject({ opened: user.pid });
      // Not waiting for luck: any moment must do, and each round picks another.
      await sleep(Math.random() * LONGEST_LIFE);
      await user.kill();

      const store = await LowdbStore.open(file);
      for (const [id, revision] of acknowledged(user.said)) {
        writes += 1;
        if (((await store.find(id))?.revision ?? -1) < revision) lost.push(`${id} revision ${revision}`);
      }
      const numbers = (await store.pending()).map(({ to }) => to);
      doubled.push(...numbers.filter((number, at) => numbers.indexOf(number) !== at));
      await store.close();
    }
    expect(writes).toBeGreaterThan(0);
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
  });
});
