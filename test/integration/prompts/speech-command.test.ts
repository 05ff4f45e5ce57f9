import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { speak, type SpeechCommand } from '../../../sip-gateway/prompts/speech-command.ts';
import { isRunning } from '../../support/is-running.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

/** A program that does what it is told, with the arguments it is given. */
const program = (script: string, ...args: readonly string[]): SpeechCommand => [
  process.execPath,
  '-e',
  script,
  ...args,
];
const said = (text: string, command: SpeechCommand, timeLimit = 5_000) =>
  speak(command, { text, locale: 'en', timeLimit });

/** Writes a recording that is as many samples long as its text has characters. */
const WAV = `
  const wav = (text) => {
    const data = Buffer.alloc(text.length * 2, 1);
    const header = Buffer.from('RIFF....WAVEfmt ....................data....', 'latin1');
    header.writeUInt32LE(16, 16); header.writeUInt16LE(1, 20); header.writeUInt16LE(1, 22);
    header.writeUInt32LE(8000, 24); header.writeUInt16LE(16, 34); header.writeUInt32LE(data.length, 40);
    return Buffer.concat([header, data]);
  };`;
const TO_FILE = `${WAV} require('node:fs').writeFileSync(process.argv[2], wav(process.argv[1]));`;
const TO_OUTPUT = `${WAV} let text = '';
  process.stdin.on('data', (part) => (text += part)).on('end', () => process.stdout.write(wav(text)));`;

const foldersLeft = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('ringproof-speech-'));

describe('a speech command', () => {
  it('gets the text and the name of the file to write as arguments', async () => {
    const { rate, samples } = await said('Bookshop', program(TO_FILE, '{text}', '{file}'));
    expect([rate, samples.length]).toEqual([8000, 8]);
  });

  it('gets the text on its standard input and writes to its standard output where it names neither', async () => {
    expect((await said('上海书店', program(TO_OUTPUT))).samples).toHaveLength(4);
  });

  it('gets the text as it is, whatever a shell would make of it', async () => {
    const text = '$(reboot); `id` "{file}" *';
    expect((await said(text, program(TO_FILE, '{text}', '{file}'))).samples).toHaveLength(text.length);
  });

  it('gets the language of the call', async () => {
    expect((await said('x', program(TO_FILE, '{locale}', '{file}'))).samples).toHaveLength('en'.length);
  });

  it('leaves no file behind', async () => {
    vi.stubEnv('TMPDIR', await temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    await said('Bookshop', program(TO_FILE, '{text}', '{file}'));
    expect(await foldersLeft()).toEqual([]);
  });
});

describe('a speech command that does not speak', () => {
  it.each([
    ['is not there', ['/nowhere/to-be-found', '{text}'], 'not-started'],
    ['is no program', [import.meta.filename, '{text}'], 'not-started'],
    ['lies in a file', [`${import.meta.filename}/say`, '{text}'], 'not-started'],
    ['has a name that is too long', ['say'.repeat(5_000), '{text}'], 'not-started'],
    ['fails', program('process.exit(3)'), 'failed'],
    ['writes nothing', program('', '{text}', '{file}'), 'no-sound'],
    ['writes no recording', program('process.stdout.write("hello")'), 'no-sound'],
    ['does not stop writing', program('setInterval(() => process.stdout.write(Buffer.alloc(1e6)), 1)'), 'too-long'],
  ] satisfies [string, SpeechCommand, string][])(
    'says that it %s, and nothing of the text',
    async (_, command, reason) => {
      const error: unknown = await said('Bookshop', command).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'SpeechError', reason });
      expect(String(error)).not.toContain('Bookshop');
    },
  );

  it('says that there is no folder to write into', async () => {
    vi.stubEnv('TMPDIR', '/nowhere');
    onTestFinished(() => void vi.unstubAllEnvs());
    const words = 'The speech command has no folder to write into (ENOENT): /nowhere';
    await expect(said('Bookshop', program(TO_OUTPUT))).rejects.toThrow(words);
  });

  it('is ended when it takes too long, with everything that it started', async () => {
    const note = join(await temporaryFolder(), 'pid');
    const wrapper = program(
      `const { spawn } = require('node:child_process');
       const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
       require('node:fs').writeFileSync(process.argv[1], String(child.pid));
       setInterval(() => {}, 1000);`,
      note,
    );
    await expect(said('Bookshop', wrapper, 1_000)).rejects.toMatchObject({ reason: 'timed-out' });
    const started = Number(await readFile(note, 'utf8'));
    await until(() => !isRunning(started));
  });
});
