import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import { StoreLock } from '../../../server/storage/store-lock.ts';
import { StoreUser } from '../../support/store-user.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function aFile(): Promise<string> {
  return join(await temporaryFolder(), 'ringproof.json');
}

async function acquired(file: string): Promise<StoreLock> {
  const lock = await StoreLock.acquire(file);
  onTestFinished(async () => lock.release());
  return lock;
}

const claims = async (file: string) => (await readdir(join(file, '..'))).filter((name) => name.includes('.lock.'));

/** The claim that a process of another start, pid or place would have left. */
async function leaveClaim(file: string, change: { pid?: number; startedAt?: string; place?: string }): Promise<string> {
  const lock = await StoreLock.acquire(file);
  const own = (await claims(file)).find((name) => !name.endsWith('.held')) ?? '';
  await lock.release();
  const [pid, startedAt, place] = own.slice('ringproof.json.lock.'.length).split('-');
  const name = [change.pid ?? pid, change.startedAt ?? startedAt, change.place ?? place].join('-');
  const path = `${file}.lock.${name}`;
  await writeFile(path, '.');
  await writeFile(`${path}.held`, '');
  return path;
}

describe('StoreLock', () => {
  it('refuses a second process by file and pid', async () => {
    const file = await aFile();
    const user = new StoreUser('hold', file);
    await user.first;

    await expect(LowdbStore.open(file)).rejects.toMatchObject({
      code: 'in-use',
      file,
      message: expect.stringContaining(`${file} is in use by process ${user.pid} `),
    });
  });

  it('refuses the same process a second time', async () => {
    const file = await aFile();
    await acquired(file);
    await expect(StoreLock.acquire(file)).rejects.toMatchObject({ code: 'in-use' });
  });

  it('is free again after its release, which may come twice', async () => {
    const file = await aFile();
    const lock = await StoreLock.acquire(file);
    await lock.release();
    await lock.release();
    await acquired(file);
    expect(await claims(file)).toHaveLength(2);
  });

  it('is taken over from a process that was killed', async () => {
    const file = await aFile();
    const user = new StoreUser('hold', file);
    await user.first;
    await user.kill();
    expect(await claims(file)).toHaveLength(2);

    const store = await LowdbStore.open(file);
    await store.close();

    expect(await claims(file)).toEqual([]);
  });

  it('goes to exactly one of several that start together, beside the claim of a dead one', async () => {
    const file = await aFile();
    await leaveClaim(file, { startedAt: '1' });
    const users = Array.from({ length: 5 }, () => new StoreUser('hold', file));

    const words = await Promise.all(users.map(async ({ first }) => first));

    expect(words.map(({ refused }) => refused ?? 'opened').toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => 'in-use'),
      'opened',
    ]);
  });

  it('is not held by a dead process whose pid is in use again', async () => {
    const file = await aFile();
    await leaveClaim(file, { pid: process.ppid, startedAt: '1' });
    await expect(acquired(file)).resolves.toBeInstanceOf(StoreLock);
  });

  it('is not held by another container that has been silent for long', async () => {
    const file = await aFile();
    const claim = await leaveClaim(file, { place: 'deadbeef' });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(claim, longAgo, longAgo);
    await expect(acquired(file)).resolves.toBeInstanceOf(StoreLock);
  });

  it('is held by another container that gives a sign of life', async () => {
    const file = await aFile();
    const claim = await leaveClaim(file, { place: 'deadbeef' });
    const heartbeat = setInterval(() => void writeFile(claim, '.'), 100);
    onTestFinished(() => clearInterval(heartbeat));
    await expect(StoreLock.acquire(file)).rejects.toMatchObject({ code: 'in-use' });
  });
});
