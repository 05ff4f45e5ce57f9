// A process that uses a store, for tests that kill it. Runs the built store, as children know no TypeScript.
//   store-user.mjs hold FILE          opens the store, says so, and stays
//   store-user.mjs write FILE ROUND   inserts, changes, finishes and purges, and says what was acknowledged
import { LowdbStore } from '../../dist/server/storage/lowdb-store.js';

const [, , command, file, round] = process.argv;
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const store = await LowdbStore.open(file);
  say({ opened: process.pid });
  if (command === 'hold') setInterval(() => {}, 1_000);
  else await Promise.all(Array.from({ length: 8 }, (_, writer) => write(store, writer)));
} catch (error) {
  say({ refused: error.code, message: error.message });
}

/** Each writer verifies one number after another; all share a few numbers, so that ends and beginnings meet. */
async function write(store, writer) {
  for (let n = 0; ; n += 1) {
    const id = `ver_${round}_${writer}_${n}`;
    const to = `+1202555${String((n + writer) % 12).padStart(4, '0')}`;
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
    const older = await store.findLive('shop', to);
    if (older) {
      say({ finishing: older.id });
      const { codeHash: _spent, ...rest } = older;
      if ((await store.replace({ ...rest, status: 'canceled' })) === 'replaced') {
        say({ id: older.id, revision: older.revision + 1 });
      }
    }
    if ((await store.insert(verification)) !== 'inserted') continue;
    say({ id, revision: 0 });
    if ((await store.replace({ ...verification, attemptsLeft: 4 })) === 'replaced') say({ id, revision: 1 });
    if (n % 40 === 39) await store.purge(n - 20);
  }
}
