// A process that uses a store, for tests that kill it. Runs the built store, as children know no TypeScript.
//   store-user.mjs hold FILE          opens the store, says so, and stays
//   store-user.mjs write FILE ROUND   inserts, changes, finishes and purges, and says what was acknowledged or denied
import { setTimeout as sleep } from 'node:timers/promises';
import { LowdbStore } from '../../dist/server/storage/lowdb-store.js';

const [, , command, file, round] = process.argv;
// So that a short life sees many checkpoints.
const LIMITS = { long: 20_000, longest: 60_000, pagesFollowAfter: 20 };
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const store = await LowdbStore.open(file, { limits: LIMITS });
  say({ opened: process.pid });
  if (command === 'hold') setInterval(() => {}, 1_000);
  else await Promise.all(Array.from({ length: 8 }, (_, writer) => write(store, writer)));
} catch (error) {
  say({ refused: error.code, message: error.message });
}

/** Each writer verifies one number after another; all but the first share a few, so that ends and beginnings meet. */
async function write(store, writer) {
  for (let n = 0; ; n += 1) {
    const id = `ver_${round}_${writer}_${n}`;
    const to = writer === 0 ? `+1303${round}555${n}` : `+1202555${String((n + writer) % 12).padStart(4, '0')}`;
    const verification = {
      id,
      relyingParty: 'shop',
      to,
      method: 'keypad',
      locale: 'en',
      status: 'pending',
      codeHash: `code-${id}`,
      attemptsLeft: 5,
      call: { id: `call_${id}`, number: 1, state: 'queued', keys: 0 },
      createdAt: n,
      updatedAt: n,
      expiresAt: 600_000,
      revision: 0,
    };
    try {
      await verify(store, verification, n);
    } catch (error) {
      // No room on the disk, for the moment.
      if (error.code !== 'storage_unavailable') throw error;
      await sleep(1);
    }
  }
}

async function verify(store, verification, n) {
  const { id, to } = verification;
  const older = await store.findLive('shop', to);
  if (older) {
    say({ finishing: older.id });
    const { codeHash: _spent, ...rest } = older;
    if ((await store.replace({ ...rest, status: 'canceled' })) === 'replaced') {
      say({ id: older.id, revision: older.revision + 1 });
    }
  }
  const inserted = await store.insert(verification).catch((error) => {
    say({ denied: id });
    throw error;
  });
  if (inserted !== 'inserted') return;
  say({ id, revision: 0 });
  if ((await store.replace({ ...verification, attemptsLeft: 4 })) === 'replaced') say({ id, revision: 1 });
  if (n % 40 === 39) await store.purge(n - 20);
}
