import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
const named = new Set(
  Array.from(page.matchAll(/`((?:server|client|sip-gateway|test)\/[\w/-]+)`/g), ([, path]) => path),
);
const ONE_LEVEL = ['server', 'client', 'sip-gateway', 'test'];

describe('docs/architecture.md', () => {
  it.each(ONE_LEVEL)('names every folder in %s', (top) => {
    const folders = readdirSync(join(ROOT, top), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const paths = folders.map(({ name }) => `${top}/${name}`);
    expect(paths.filter((path) => !named.has(path))).toEqual([]);
  });

  it('names no folder that there is not', () => {
    expect([...named].filter((path) => path === undefined || !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
