import { readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Figures } from './figures.ts';
import { tableOf } from './table.ts';

/**
 * `npm run bench [-- name…]`: runs every `*.bench.ts` of this folder, or those named, one after the other. Tables come
 * as they are ready; the last line is all of it as JSON.
 */
const SUFFIX = '.bench.js';
const folder = new URL('.', import.meta.url);

const wanted = process.argv.slice(2);
const there = (await readdir(folder))
  .filter((name) => name.endsWith(SUFFIX))
  .map((name) => name.slice(0, -SUFFIX.length))
  .toSorted();
const unknown = wanted.filter((name) => !there.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}; there are ${there.join(', ')}.\n`);
  process.exit(1);
}

const figures: Figures[] = [];
for (const name of wanted.length > 0 ? wanted : there) {
  const bench: { run(): Promise<Figures> } = await import(new URL(`${name}${SUFFIX}`, folder).href);
  const found = await bench.run();
  process.stdout.write(`${tableOf(found)}\n`);
  figures.push(found);
}
process.stdout.write(`${JSON.stringify({ node: process.version, cores: cpus().length, figures })}\n`);
