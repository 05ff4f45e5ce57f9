import { chown, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireOwner } from '../../../server/commands/storage.ts';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import { openSecret } from '../../../server/storage/open-store.ts';
import { commandLine } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NUMBER = '+12025550123';

/** Where no server ever ran. */
async function nowhere() {
  const folder = await temporaryFolder();
  const file = join(folder, 'data', 'ringproof.json');
  return { folder, file, env: { RINGPROOF_STORE: `lowdb:${file}` } };
}

const storeIn = ({ RINGPROOF_STORE: url }: { readonly RINGPROOF_STORE: string }) => url.replace('lowdb:', '');

/** Where one ran. */
async function somewhere() {
  const { folder, file, env } = await nowhere();
  await openSecret(env.RINGPROOF_STORE);
  const store = await LowdbStore.open(file);
  await store.close();
  return { folder, file, env };
}

describe('Where no server ever ran', () => {
  it.each([
    ['do-not-call list'],
    [`do-not-call add ${NUMBER}`],
    [`do-not-call remove ${NUMBER}`],
    [`forgive ${NUMBER}`],
    ['keys rotate'],
    [`erase ${NUMBER}`],
  ])('ringproof %s says so, and makes nothing', async (line) => {
    const { folder, file, env } = await nowhere();
    const { exitCode, out, error } = await commandLine(line.split(' '), env);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(error).toContain(`There is no store at ${file}.`);
    expect(error).toContain('(no_store)');
    expect(await readdir(folder)).toEqual([]);
  });

  it('ringproof explain asks the settings alone, says so, and makes nothing', async () => {
    const { folder, file, env } = await nowhere();
    const { exitCode, out } = await commandLine(['explain', NUMBER], env);
    expect(exitCode).toBe(0);
    expect(out).toContain(`There is no store at ${file}: nothing was counted, the settings decide alone.`);
    expect(out).toContain('The call would be placed.');
    expect(await readdir(folder)).toEqual([]);
  });

  it('ringproof check-trunk rings through a trunk that cannot be reached, and makes nothing', async () => {
    const { folder, env } = await nowhere();
    const { exitCode, out } = await commandLine(['check-trunk', 'local', NUMBER], { ...env, PORT: '1' });
    expect({ exitCode, out }).toMatchObject({ exitCode: 1, out: expect.stringContaining('cannot be reached') });
    expect(await readdir(folder)).toEqual([]);
  });

  it('ringproof audit verify says what it misses, and makes nothing', async () => {
    const { folder, file, env } = await nowhere();
    const withoutLog = await commandLine(['audit', 'verify'], env);
    expect(withoutLog).toMatchObject({ exitCode: 1, error: expect.stringContaining(`${file}.audit (ENOENT)`) });
    const log = join(folder, 'a-day.jsonl');
    await writeFile(log, '');
    const withoutSecret = await commandLine(['audit', 'verify', log], env);
    expect(withoutSecret).toMatchObject({ exitCode: 1, error: expect.stringContaining('none beside the store') });
    expect(await readdir(folder)).toEqual(['a-day.jsonl']);
  });
});

describe('The store of another user', () => {
  it('is not written by root, whose files that user’s server could not read', async () => {
    const { folder, env } = await somewhere();
    // Nobody but root may give files away: this one stays ours, and root is somebody else.
    const { uid } = await stat(folder);
    if (uid === 0) await chown(storeIn(env), 1234, 1234);
    await expect(requireOwner(storeIn(env), 0)).rejects.toMatchObject({
      code: 'other_user',
      message: expect.stringContaining(`belongs to user ${uid === 0 ? 1234 : uid}`),
    });
  });

  it('is left to the system where anybody else would write it', async () => {
    const { env } = await somewhere();
    await expect(requireOwner(storeIn(env), 1234)).resolves.toBeUndefined();
  });
});

describe('A store whose secret is gone', () => {
  it.each([[['start']], [['explain', NUMBER]], [['do-not-call', 'list']], [['erase', NUMBER]]])(
    'is refused by %j, as nobody on its do-not-call list would be known again',
    async (args) => {
      const { file, env } = await somewhere();
      await rm(`${file}.secret`);
      const { exitCode, error } = await commandLine(args, { ...env, PORT: '0' });
      expect({ exitCode, error }).toMatchObject({ exitCode: 1, error: expect.stringContaining('(store_missing)') });
      expect(error).toContain(`${file}.secret is missing`);
      expect(await readdir(join(file, '..'))).not.toContain('ringproof.json.secret');
    },
  );

  it('is taken with the one that it was made with', async () => {
    const { file, env } = await somewhere();
    await rm(`${file}.secret`);
    const given = { ...env, RINGPROOF_SECRET: 's'.repeat(32) };
    expect(await commandLine(['do-not-call', 'list'], given)).toMatchObject({ exitCode: 0, error: '' });
  });
});
