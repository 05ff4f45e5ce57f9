import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const CONFIG = fileURLToPath(new URL('../../../client/vite.config.ts', import.meta.url));

export interface PagesBuild {
  readonly folder: string;
  remove(): Promise<void>;
}

/** The pages as `npm run build:client` makes them, in a folder of their own: no test sees a stale build. */
export async function buildPages(): Promise<PagesBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'ringproof-pages-'));
  await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: folder } });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
