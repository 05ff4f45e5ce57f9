import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SpeechEngine } from '../../../sip-gateway/prompts/speech-engine.ts';
import { sweepSpeechFolders } from '../../../sip-gateway/prompts/speech-folder.ts';
import { aWav, pcm } from '../../fakes/a-wav.ts';
import { isRunning } from '../../support/is-running.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

/**
 * An engine whose program is a few lines of shell: `$WAV` is a second of sound, `$TEXT` and `$FILE` are what it was given,
 * `$FOLDER` is one of the test's.
 */
async function engineOf(script: string, { timeLimit = 5_000, seconds = 1, remembered = 100 } = {}) {
  const folder = await temporaryFolder();
  const sound = Array.from({ length: 8000 * seconds }, (_, n) => 8000 * Math.sin(n / 4));
  await writeFile(join(folder, 'second.wav'), aWav(pcm(sound)));
  const set = `FOLDER="${folder}"; WAV="$FOLDER/second.wav"; FILE="$0"; TEXT="$1"; LOCALE="$2";`;
  const groups: (readonly number[])[] = [];
  const engine = new SpeechEngine({
    command: ['sh', '-c', `${set} ${script}`, '{file}', '{text}', '{locale}'],
    onGroups: (running) => groups.push(running),
    timeLimit,
    remembered,
  });
  onTestFinished(() => engine.close());
  const spoken = async (): Promise<string[]> => {
    const text = await readFile(join(folder, 'log'), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  };
  return { engine, folder, groups, spoken };
}

const SPEAKS = 'echo "$LOCALE $TEXT" >> "$FOLDER/log"; cp "$WAV" "$FILE"';
const SPEAKS_WHEN_TOLD = `while [ ! -e "$FOLDER/go" ]; do sleep 0.01; done; ${SPEAKS}`;

describe('a speech engine', () => {
  it('has a name spoken once, however many calls say it', async () => {
    const { engine, spoken } = await engineOf(SPEAKS);
    const [first, second] = await Promise.all([engine.speech('Bookshop', 'en'), engine.speech('Bookshop', 'en')]);
    expect([second, await engine.speech('Bookshop', 'en')]).toEqual([first, first]);
    expect(await spoken()).toEqual(['en Bookshop']);
  });

  it('has it spoken anew in another language', async () => {
    const { engine, spoken } = await engineOf(SPEAKS);
    await engine.speech('Bookshop', 'en');
    await engine.speech('Bookshop', 'fr');
    expect(await spoken()).toEqual(['en Bookshop', 'fr Bookshop']);
  });

  it('forgets what was said longest ago', async () => {
    const { engine, spoken } = await engineOf(SPEAKS, { remembered: 2 });
    for (const name of ['one', 'two', 'one', 'three', 'one', 'two']) await engine.speech(name, 'en');
    expect(await spoken()).toEqual(['en one', 'en two', 'en three', 'en two']);
  });

  it('tries again what has failed once', async () => {
    const { engine } = await engineOf(`[ -e "$FOLDER/tried" ] || { touch "$FOLDER/tried"; exit 1; }; ${SPEAKS}`);
    await expect(engine.speech('Bookshop', 'en')).rejects.toMatchObject({ reason: 'failed' });
    expect((await engine.speech('Bookshop', 'en')).frames('PCMU').length).toBeGreaterThan(40);
  });

  it('speaks four names at a time, and the others after them', async () => {
    const { engine, folder, groups, spoken } = await engineOf(SPEAKS_WHEN_TOLD);
    const speeches = Array.from({ length: 7 }, async (_, n) => engine.speech(`name ${n}`, 'en'));
    await until(() => groups.at(-1)?.length === 4);
    await writeFile(join(folder, 'go'), '');
    await Promise.all(speeches);
    expect([await spoken(), Math.max(...groups.map(({ length }) => length))]).toEqual([
      expect.objectContaining({ length: 7 }),
      4,
    ]);
  });

  it('gives up a name that has waited for its turn as long as it may take', async () => {
    const { engine } = await engineOf('sleep 30', { timeLimit: 500 });
    const speeches = Array.from({ length: 6 }, async (_, n) => engine.speech(`name ${n}`, 'en'));
    const ends = await Promise.allSettled(speeches);
    expect(ends.map((end) => end.status === 'rejected' && end.reason)).toEqual(
      Array.from({ length: 6 }, () => expect.objectContaining({ reason: 'timed-out' })),
    );
  });

  it('says no name for longer than a call has time for', async () => {
    const { engine } = await engineOf(SPEAKS, { seconds: 21 });
    await expect(engine.speech('Bookshop', 'en')).rejects.toMatchObject({ reason: 'too-long' });
  });

  it('ends what it has started when it is closed, and starts no more', async () => {
    const { engine, groups } = await engineOf('sleep 30');
    const ends = Promise.allSettled([engine.speech('one', 'en'), engine.speech('two', 'en')]);
    await until(() => groups.at(-1)?.length === 2);
    const started = groups.at(-1) ?? [];
    engine.close();
    expect(await ends).toMatchObject([{ reason: { reason: 'stopped' } }, { reason: { reason: 'stopped' } }]);
    await until(() => !started.some(isRunning));
    await expect(engine.speech('three', 'en')).rejects.toMatchObject({ reason: 'stopped' });
    expect(groups.at(-1)).toEqual([]);
  });
});

describe('the trial of a speech engine', () => {
  it('is passed by a program that speaks, in the language that it is asked for', async () => {
    const { engine, spoken } = await engineOf(SPEAKS);
    await engine.trial('fr');
    expect(await spoken()).toEqual(['fr 1 2 3']);
  });

  it.each([
    ['fails', 'echo "no voice fr" >&2; exit 3', 'ended with the status 3, and printed: no voice fr'],
    ['writes nothing', 'echo "\\033[31mno model\\033[0m" >&2', 'wrote nothing, and printed: [31mno model [0m'],
    ['writes no sound', 'echo hello > "$FILE"', 'wrote what cannot be used: it is not a WAV file'],
    ['takes too long', 'echo loading >&2; sleep 30', 'took too long, and printed: loading'],
  ])('tells of a program that %s what it has printed', async (_, script, words) => {
    const { engine } = await engineOf(script, { timeLimit: 1_000 });
    await expect(engine.trial('fr')).rejects.toThrow(`The speech command ${words}`);
  });

  it('tells of a program that is not there', async () => {
    const engine = new SpeechEngine({ command: ['/nowhere/say', '{text}'] });
    await expect(engine.trial('en')).rejects.toThrow('could not be started (ENOENT): /nowhere/say');
  });
});

describe('the folders that programs speak into', () => {
  it('are removed when the process that made them is long gone, and only then', async () => {
    const [old, young] = ['ringproof-speech-old-one', 'ringproof-speech-young-one'].map((name) => join(tmpdir(), name));
    for (const folder of [old, young]) {
      await mkdir(folder ?? '', { recursive: true });
      onTestFinished(async () => rm(folder ?? '', { recursive: true, force: true }));
    }
    const now = Date.now();
    await utimes(old ?? '', (now - 3_600_000) / 1_000, (now - 3_600_000) / 1_000);
    await sweepSpeechFolders(now);
    const left = await readdir(tmpdir());
    expect([left.includes('ringproof-speech-old-one'), left.includes('ringproof-speech-young-one')]).toEqual([
      false,
      true,
    ]);
  });
});
