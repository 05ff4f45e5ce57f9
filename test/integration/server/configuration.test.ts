import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfiguration } from '../../../server/commands/configuration.ts';
import { readSettingsFile } from '../../../server/commands/settings-file.ts';
import { commandLine } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const TRUNK = { name: 'london', url: 'wss://pbx.example/ws', uri: 'sip:ringproof@pbx.example' };

async function aFile(text: string): Promise<string> {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, text);
  return file;
}

async function aPipe(): Promise<string> {
  const pipe = join(await temporaryFolder(), 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  return pipe;
}

describe('What is wrong with the configuration', () => {
  it('is said at once of settings, of files that cannot be read, and of what stands in the others', async () => {
    const folder = await temporaryFolder();
    const { exitCode, error } = await commandLine(['start'], {
      PORT: 'x',
      RINGPROOF_GATE: 'y',
      RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}`,
      RINGPROOF_COUNTRIES: 'US',
      RINGPROOF_TRUNKS: await aFile(JSON.stringify({ trunks: [{ ...TRUNK, dtmf: 'morse' }] })),
      RINGPROOF_RELYING_PARTIES: '/nonexistent/parties.json',
      RINGPROOF_RATE_DECK: folder,
      RINGPROOF_NUMBER_LIST: await aFile('maybe +1202\n'),
      RINGPROOF_PROMPTS_DIR: '/nonexistent/prompts',
    });
    expect(exitCode).toBe(78);
    for (const problem of [
      'PORT: expected',
      'RINGPROOF_GATE: expected',
      'RINGPROOF_TRUNKS london.dtmf: expected',
      'RINGPROOF_RELYING_PARTIES: expected a file that can be read; got "/nonexistent/parties.json" (ENOENT)',
      `RINGPROOF_RATE_DECK: expected a file that can be read; got "${folder}" (EISDIR)`,
      'RINGPROOF_NUMBER_LIST: expected a file that can be used; got',
      'RINGPROOF_PROMPTS_DIR: expected a folder of recordings that can be read; got "/nonexistent/prompts" (ENOENT)',
    ]) {
      expect(error).toContain(`\n  ${problem}`);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not call a trunk of a relying party wrong whose file could not be read', async () => {
    const parties = [{ id: 'shop', name: 'Shop', trunk: 'london' }];
    const env = {
      RINGPROOF_COUNTRIES: 'US',
      RINGPROOF_TRUNKS: '/nonexistent/trunks.json',
      RINGPROOF_RELYING_PARTIES: await aFile(JSON.stringify({ parties })),
    };
    await expect(readConfiguration(env)).rejects.toMatchObject({
      problems: [{ name: 'RINGPROOF_TRUNKS', got: '"/nonexistent/trunks.json" (ENOENT)' }],
    });
  });

  it('calls it wrong where the trunks are known', async () => {
    const parties = [{ id: 'shop', name: 'Shop', trunk: 'london' }];
    await expect(
      readConfiguration({ RINGPROOF_RELYING_PARTIES: await aFile(JSON.stringify({ parties })) }),
    ).rejects.toMatchObject({ problems: [{ name: 'RINGPROOF_RELYING_PARTIES parties.0.trunk' }] });
  });

  it('is that a file has no end', async () => {
    const endless = join(await temporaryFolder(), 'endless');
    await symlink('/dev/zero', endless);
    await expect(readConfiguration({ RINGPROOF_NUMBER_LIST: endless })).rejects.toMatchObject({
      problems: [{ name: 'RINGPROOF_NUMBER_LIST', got: `"${endless}" (longer than 64 MiB)` }],
    });
  });

  it('is that nobody writes to a pipe, and no thread waits for it', async () => {
    const pipe = await aPipe();
    await expect(readSettingsFile('RINGPROOF_TRUNKS', pipe, 50)).rejects.toMatchObject({
      problems: [{ name: 'RINGPROOF_TRUNKS', got: `"${pipe}" (not read in 0.05 s)` }],
    });
  });
});

describe('A file that a setting names', () => {
  it('may be a pipe, whose writer takes its time', async () => {
    const pipe = await aPipe();
    const trunks = JSON.stringify({ trunks: [TRUNK] });
    const reading = readConfiguration({ RINGPROOF_TRUNKS: pipe, RINGPROOF_COUNTRIES: 'US' });
    const writer = spawn('sh', ['-c', 'exec >"$0"; sleep 0.1; printf %s "$1"', pipe, trunks]);
    onTestFinished(() => void writer.kill());
    expect((await reading).trunkFile?.trunks).toMatchObject([TRUNK]);
  });

  it('may begin with a byte order mark', async () => {
    const file = await aFile(`\uFEFF${JSON.stringify({ trunks: [TRUNK] })}`);
    const { trunkFile } = await readConfiguration({ RINGPROOF_TRUNKS: file, RINGPROOF_COUNTRIES: 'US' });
    expect(trunkFile?.trunks).toMatchObject([TRUNK]);
  });

  it('may be a folder of recordings', async () => {
    const folder = join(await temporaryFolder(), 'prompts');
    await mkdir(folder);
    expect((await readConfiguration({ RINGPROOF_PROMPTS_DIR: folder })).settings.RINGPROOF_PROMPTS_DIR).toBe(folder);
  });
});
