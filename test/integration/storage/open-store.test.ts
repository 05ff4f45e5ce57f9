import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import { MemoryStore } from '../../../server/storage/memory-store.ts';
import { openSecret, openStore } from '../../../server/storage/open-store.ts';
import { fillDisk } from '../../support/full-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('openStore', () => {
  it('keeps memory: in memory', async () => {
    expect(await openStore('memory:')).toBeInstanceOf(MemoryStore);
  });

  it('keeps lowdb:<file> in that file, whose folder it makes', async () => {
    const file = join(await temporaryFolder(), 'data', 'ringproof.json');
    const store = await openStore(`lowdb:${file}`);
    onTestFinished(async () => store.close());
    expect(store).toBeInstanceOf(LowdbStore);
    expect((await stat(file)).isFile()).toBe(true);
  });

  it.each(['redis://user:pa55@cache:6379', 'lowdb:', './data.json', ''])(
    'refuses %j and repeats no password',
    async (url) => {
      await expect(openStore(url)).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringMatching(/^Expected a store memory: or lowdb:<file>, got (?!.*pa55)/),
      });
    },
  );
});

describe('openSecret', () => {
  it('makes a secret of 32 bytes beside the store, for its owner only', async () => {
    const file = join(await temporaryFolder(), 'data', 'ringproof.json');
    const secret = await openSecret(`lowdb:${file}`);
    expect(secret).toHaveLength(32);
    expect((await stat(`${file}.secret`)).mode & 0o777).toBe(0o600);
    expect((await readFile(`${file}.secret`, 'utf8')).trim()).toBe(Buffer.from(secret).toString('base64url'));
  });

  it('leaves nothing behind where there is no room for it', async () => {
    const folder = await temporaryFolder();
    const makeRoom = await fillDisk();
    onTestFinished(makeRoom);
    await expect(openSecret(`lowdb:${join(folder, 'ringproof.json')}`)).rejects.toMatchObject({ code: 'EFBIG' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is the same at every start', async () => {
    const url = `lowdb:${join(await temporaryFolder(), 'ringproof.json')}`;
    expect(await openSecret(url)).toEqual(await openSecret(url));
  });

  it('is one for two that start together', async () => {
    const url = `lowdb:${join(await temporaryFolder(), 'ringproof.json')}`;
    const [one, other] = await Promise.all([openSecret(url), openSecret(url)]);
    expect(one).toEqual(other);
  });

  it('is made beside no folder that has the name of a store', async () => {
    const folder = await temporaryFolder();
    await expect(openSecret(`lowdb:${folder}`)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(`${folder} is a folder`),
    });
  });

  it('makes no other one for a store that is there', async () => {
    const file = join(await temporaryFolder(), 'ringproof.json');
    await writeFile(file, '');
    await expect(openSecret(`lowdb:${file}`)).rejects.toMatchObject({ code: 'missing', file: `${file}.secret` });
  });

  it.each(['', 'short', `${'x'.repeat(43)} and more`])('refuses a file that holds %j', async (content) => {
    const file = join(await temporaryFolder(), 'ringproof.json');
    await writeFile(`${file}.secret`, content);
    await expect(openSecret(`lowdb:${file}`)).rejects.toMatchObject({ code: 'damaged', file: `${file}.secret` });
  });
});
