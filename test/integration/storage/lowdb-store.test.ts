import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import type { VerificationStore } from '../../../server/verification/ports.ts';
import type { Verification } from '../../../server/verification/verification.ts';
import { verificationStoreContract } from '../../contract/verification-store.contract.ts';
import { aVerification, WHOLE_VERIFICATION } from '../../fakes/a-verification.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** The `n`th of many, each with a number and a code of its own. */
function nth(n: number, overrides: Partial<Verification> = {}): Verification {
  return aVerification({
    id: `ver_${n}`,
    to: `+1202555${String(n).padStart(4, '0')}`,
    codeHash: `hash-${n}`,
    ...overrides,
  });
}

async function opened(file: string): Promise<LowdbStore> {
  const store = await LowdbStore.open(file);
  onTestFinished(async () => store.close());
  return store;
}

async function insertMany(
  store: VerificationStore,
  count: number,
  overrides: Partial<Verification> = {},
): Promise<void> {
  await Promise.all(Array.from({ length: count }, async (_, n) => store.insert(nth(n, overrides))));
}

/** A closed store with three pages. */
async function aStoreOnDisk(): Promise<{ folder: string; file: string; pages: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'ringproof.json');
  const store = await LowdbStore.open(file);
  await insertMany(store, 130);
  await store.close();
  return { folder, file, pages: join(folder, 'ringproof') };
}

/** A folder where a file should be: no write can succeed, even for root. */
async function obstruct(file: string): Promise<void> {
  await mkdir(file);
}

async function clear(file: string): Promise<void> {
  await rm(file, { recursive: true });
}

/** The first file of the journal, which the first change after the store was opened begins. */
const JOURNAL = '000001.journal';

describe('LowdbStore', () => {
  let contractFolder = '';
  let made = 0;
  beforeAll(() => {
    contractFolder = mkdtempSync(join(tmpdir(), 'ringproof-'));
  });
  afterAll(() => rmSync(contractFolder, { recursive: true }));
  verificationStoreContract(async () => LowdbStore.open(join(contractFolder, `${(made += 1)}.json`)));

  it('gives every field of a verification back when it is opened again', async () => {
    const file = join(await temporaryFolder(), 'ringproof.json');
    const before = await LowdbStore.open(file);
    await before.insert(WHOLE_VERIFICATION);
    await before.close();
    expect(await (await opened(file)).find(WHOLE_VERIFICATION.id)).toEqual(WHOLE_VERIFICATION);
  });

  it('remembers across a restart', async () => {
    const file = join(await temporaryFolder(), 'data', 'ringproof.json');
    const before = await LowdbStore.open(file);
    await before.insert(aVerification({ metadata: { order: '17' } }));
    await before.replace(aVerification({ metadata: { order: '17' }, attemptsLeft: 4 }));
    await before.close();

    const after = await opened(file);
    expect(await after.find('ver_1')).toEqual(
      aVerification({ metadata: { order: '17' }, attemptsLeft: 4, revision: 1 }),
    );
    expect(await after.insert(aVerification({ id: 'ver_2' }))).toBe('number-taken');
  });

  it('puts at most 64 verifications on a page', async () => {
    const { pages } = await aStoreOnDisk();
    expect((await readdir(pages)).toSorted()).toEqual(['000001.json', '000002.json', '000003.json']);
  });

  it('fills its newest page after a restart before it begins another', async () => {
    const { file, pages } = await aStoreOnDisk();
    const store = await opened(file);
    await store.insert(nth(999));
    await store.close();
    expect(await readdir(pages)).toHaveLength(3);
  });

  it('rewrites no page but the one of the verification that changes', async () => {
    const { file, pages } = await aStoreOnDisk();
    const store = await opened(file);
    const before = await stat(join(pages, '000002.json'));

    await store.replace(nth(0, { attemptsLeft: 4 }));
    await store.close();

    expect(await stat(join(pages, '000002.json'))).toEqual(before);
  });

  it('writes files that only its own user can read', async () => {
    const { file, pages } = await aStoreOnDisk();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(pages, '000001.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(pages)).mode & 0o777).toBe(0o700);
  });

  it('deletes whole pages of finished verifications', async () => {
    const { file, pages } = await aStoreOnDisk();
    const store = await opened(file);
    await Promise.all(
      Array.from({ length: 70 }, async (_, n) => store.replace(nth(n, { status: 'expired', updatedAt: 5 }))),
    );

    expect(await store.purge(6)).toBe(70);

    await store.close();
    expect((await readdir(pages)).toSorted()).toEqual(['000002.json', '000003.json']);
    expect(await (await opened(file)).pending()).toHaveLength(60);
  });

  it('removes what a killed process left unlisted', async () => {
    const { file, pages } = await aStoreOnDisk();
    await writeFile(join(pages, '000004.json'), '{"verifications":[]}');
    await writeFile(join(pages, '000002.json.tmp'), '{"verifica');
    await writeFile(join(pages, '000001.journal'), 'b7');

    const store = await opened(file);

    expect((await readdir(pages)).toSorted()).toEqual(['000001.json', '000002.json', '000003.json']);
    expect(await store.pending()).toHaveLength(130);
  });

  it('leaves files alone that are not its own', async () => {
    const { file, pages } = await aStoreOnDisk();
    await writeFile(join(pages, 'notes.txt'), 'mine');
    await opened(file);
    expect(await readFile(join(pages, 'notes.txt'), 'utf8')).toBe('mine');
  });
});

describe('a damaged LowdbStore', () => {
  const damages = [
    ['half written', async (file: string) => truncate(file, 100)],
    ['empty', async (file: string) => truncate(file, 0)],
    ['full of zeros', async (file: string) => writeFile(file, Buffer.alloc(500))],
    ['another document', async (file: string) => writeFile(file, '{"hello":"world"}')],
  ] as const;

  it.each(damages)('whose page is %s is refused by name and left as it is', async (_, damage) => {
    const { folder, file, pages } = await aStoreOnDisk();
    await damage(join(pages, '000002.json'));
    const before = await snapshot(folder);

    await expect(LowdbStore.open(file)).rejects.toMatchObject({
      code: 'damaged',
      file: join(pages, '000002.json'),
      message: expect.stringContaining(join(pages, '000002.json')),
    });
    expect(await snapshot(folder)).toEqual(before);
  });

  it.each(damages)('whose root is %s is refused by name and left as it is', async (_, damage) => {
    const { folder, file } = await aStoreOnDisk();
    await damage(file);
    const before = await snapshot(folder);

    await expect(LowdbStore.open(file)).rejects.toMatchObject({ code: 'damaged', file });
    expect(await snapshot(folder)).toEqual(before);
  });

  it('that lacks a page is refused by name', async () => {
    const { file, pages } = await aStoreOnDisk();
    await rm(join(pages, '000001.json'));
    await expect(LowdbStore.open(file)).rejects.toMatchObject({ code: 'missing', file: join(pages, '000001.json') });
  });

  it('that lacks its root but has pages is refused, not begun anew', async () => {
    const { folder, file } = await aStoreOnDisk();
    await rm(file);
    const before = await snapshot(folder);

    await expect(LowdbStore.open(file)).rejects.toMatchObject({ code: 'missing', file });
    expect(await snapshot(folder)).toEqual(before);
  });

  it('with a page twice is refused', async () => {
    const { file, pages } = await aStoreOnDisk();
    await cp(join(pages, '000001.json'), join(pages, '000002.json'));
    await expect(LowdbStore.open(file)).rejects.toMatchObject({ code: 'damaged', file: join(pages, '000002.json') });
  });

  it('of a later version is refused', async () => {
    const { file } = await aStoreOnDisk();
    await writeFile(file, (await readFile(file, 'utf8')).replace('"version":1', '"version":2'));
    await expect(LowdbStore.open(file)).rejects.toMatchObject({ code: 'damaged', file });
  });

  it('says nothing of what was stored in it', async () => {
    const { file, pages } = await aStoreOnDisk();
    const page = join(pages, '000001.json');
    await writeFile(page, (await readFile(page, 'utf8')).replace('"pending"', '"+12025550000"'));
    await expect(LowdbStore.open(file)).rejects.not.toThrow('+12025550000');
  });

  it('opens again once it was mended', async () => {
    const { file, pages } = await aStoreOnDisk();
    const whole = await readFile(join(pages, '000001.json'));
    await truncate(join(pages, '000001.json'), 10);
    await expect(LowdbStore.open(file)).rejects.toMatchObject({ code: 'damaged' });

    await writeFile(join(pages, '000001.json'), whole);

    expect(await (await opened(file)).pending()).toHaveLength(130);
  });
});

describe('a LowdbStore that cannot write', () => {
  it('refuses the change and goes back to what is on disk', async () => {
    const { file, pages } = await aStoreOnDisk();
    const store = await opened(file);
    await obstruct(join(pages, JOURNAL));

    const changes = await Promise.allSettled([
      store.replace(nth(0, { status: 'verified' })),
      store.replace(nth(1, { attemptsLeft: 1 })),
    ]);

    expect(changes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await store.find('ver_0')).toEqual(nth(0));
    expect(await store.find('ver_1')).toEqual(nth(1));
    expect(await store.insert(nth(500, { to: nth(0).to }))).toBe('number-taken');
    await clear(join(pages, JOURNAL));
    expect(await store.replace(nth(0, { attemptsLeft: 3 }))).toBe('replaced');
  });

  it('gives no number away before the end of its verification is on disk', async () => {
    const { file, pages } = await aStoreOnDisk();
    const store = await opened(file);
    await obstruct(join(pages, JOURNAL));

    const [ended, inserted] = await Promise.allSettled([
      store.replace(nth(0, { status: 'canceled' })),
      store.insert(nth(500, { to: nth(0).to })),
    ]);

    expect(ended).toMatchObject({ status: 'rejected' });
    expect(inserted).toEqual({ status: 'fulfilled', value: 'number-taken' });
  });

  it('forgets a new verification that it could not keep', async () => {
    const { file, pages } = await aStoreOnDisk();
    const store = await opened(file);
    await obstruct(join(pages, JOURNAL));

    await expect(store.insert(nth(500))).rejects.toMatchObject({
      code: 'storage_unavailable',
      cause: { code: 'write-failed', file: join(pages, JOURNAL) },
    });

    expect(await store.find('ver_500')).toBeUndefined();
    await clear(join(pages, JOURNAL));
    expect(await store.insert(nth(500))).toBe('inserted');
  });

  it('forgets what it wrote to a journal that its root could not name', async () => {
    const file = join(await temporaryFolder(), 'ringproof.json');
    const store = await opened(file);
    await obstruct(`${file}.tmp`);

    await expect(store.insert(nth(1))).rejects.toMatchObject({ cause: { code: 'write-failed', file } });

    expect(await store.find('ver_1')).toBeUndefined();
    await clear(`${file}.tmp`);
    expect(await store.insert(nth(1))).toBe('inserted');
    await store.close();
    expect(await (await opened(file)).pending()).toHaveLength(1);
  });

  it('keeps what it could not purge', async () => {
    const { file, pages } = await aStoreOnDisk();
    const before = await opened(file);
    await Promise.all(
      Array.from({ length: 64 }, async (_, n) => before.replace(nth(n, { status: 'expired', updatedAt: 5 }))),
    );
    await before.close();
    const store = await opened(file);
    await obstruct(join(pages, JOURNAL));

    await expect(store.purge(6)).rejects.toMatchObject({ code: 'storage_unavailable' });

    expect(await store.find('ver_0')).toMatchObject({ status: 'expired' });
    await clear(join(pages, JOURNAL));
    expect(await store.purge(6)).toBe(64);
  });

  it('refuses changes after it was closed', async () => {
    const store = await LowdbStore.open(join(await temporaryFolder(), 'ringproof.json'));
    await store.close();
    await expect(store.insert(aVerification())).rejects.toMatchObject({ code: 'closed' });
  });
});

/** Every file with its bytes. */
async function snapshot(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map(async (file) => [file, await readFile(file, 'hex')] as const));
  return Object.fromEntries(contents);
}
