import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Where the files of this Ringproof are. */
export interface Installation {
  readonly version: string;
  /** The folder of the built pages. */
  readonly pages: string;
  /** The voice server's script. */
  readonly gateway: string;
}

export function findInstallation(): Installation {
  const root = findRoot(dirname(fileURLToPath(import.meta.url)));
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return { version, pages: join(root, 'dist/client'), gateway: join(root, 'dist/sip-gateway/main.js') };
}

/** Sources and built files lie at different depths. */
function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new TypeError('No package.json above the running file');
  return findRoot(parent);
}
