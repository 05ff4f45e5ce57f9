import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

/** Stands for a build that takes long: a program that says its arguments. */
const BUILD = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  mkdirSync('dist/server', { recursive: true });
  writeFileSync('dist/server/main.js', 'console.log(process.argv.slice(2).join())');`;

it('npm run ringproof builds where nothing is built, says so, and does not build again', async () => {
  const folder = await temporaryFolder();
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  await writeFile(join(folder, 'build.cjs'), BUILD);
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ scripts: { ringproof: scripts.ringproof, build: 'node build.cjs' } }),
  );
  const ringproof = async () => run('npm', ['run', '--silent', 'ringproof', '--', 'phone', '1001'], { cwd: folder });
  expect(await ringproof()).toEqual({
    stdout: 'phone,1001\n',
    stderr: 'Building first: this takes some seconds.\n',
  });
  expect(await ringproof()).toEqual({ stdout: 'phone,1001\n', stderr: '' });
});
