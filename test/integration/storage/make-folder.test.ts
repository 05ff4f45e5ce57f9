import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../../server/storage/make-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('A folder that is made', () => {
  it('is its owner’s only, as are those above it', async () => {
    const above = join(await temporaryFolder(), 'a');
    await makeFolder(join(above, 'b'));
    for (const folder of [above, join(above, 'b')]) expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is left as it is where it is there already', async () => {
    const folder = join(await temporaryFolder(), 'a');
    await mkdir(folder);
    await chmod(folder, 0o755);
    await makeFolder(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  it('is made once by many who make it together', async () => {
    const folder = join(await temporaryFolder(), 'a/b/c');
    await Promise.all(Array.from({ length: 8 }, async () => makeFolder(folder)));
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it('is refused where a file has its name, and below one', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolder(join(folder, 'file/below'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('is refused where a link leads nowhere', async () => {
    const link = join(await temporaryFolder(), 'link');
    await symlink('/nonexistent/ringproof', link);
    await expect(makeFolder(join(link, 'below'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('is refused where the file system has no room for a name', async () => {
    await expect(makeFolder('/proc/ringproof/below')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
