import { cp, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** The files of a store as they are at this moment, in another place: what a process that is killed now leaves. */
export async function crashImage(file: string): Promise<{ readonly file: string; readonly pages: string }> {
  const folder = await temporaryFolder();
  const copy = join(folder, basename(file));
  await cp(file, copy);
  await cp(pagesOf(file), pagesOf(copy), { recursive: true });
  return { file: copy, pages: pagesOf(copy) };
}

export function pagesOf(file: string): string {
  return join(dirname(file), basename(file, '.json'));
}

/** Makes one file of a store what it is in another one, or is not. */
export async function take(name: string, from: string, to: string): Promise<void> {
  if ((await readdir(from)).includes(name)) await cp(join(from, name), join(to, name));
  else await rm(join(to, name), { force: true });
}
