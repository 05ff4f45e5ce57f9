import { appendFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dayFiles } from '../../../server/audit/audit-files.ts';
import { AuditLog, type AuditLogOptions } from '../../../server/audit/audit-log.ts';
import { People } from '../../../server/audit/people.ts';
import { verifyAudit } from '../../../server/audit/verify.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SECRET = new Uint8Array(32).fill(5);
const DAY = 24 * 3_600_000;
const NUMBER = '+12025550123';

async function openLog(folder: string, options: Partial<AuditLogOptions> = {}): Promise<AuditLog> {
  return AuditLog.open({
    folder,
    secret: SECRET,
    retention: 30 * DAY,
    now: () => 0,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

async function aFile() {
  const file = join(await temporaryFolder(), 'people.jsonl');
  return { file, open: async () => People.open(file, SECRET, '2026-11-24') };
}

async function verdict(folder: string, anchor?: { seq: number; mac: string }) {
  return verifyAudit({ files: await dayFiles(folder), folder, secret: SECRET, anchor });
}

/** A log of one day with `audit.day` and five lines more. */
async function aLog() {
  const folder = join(await temporaryFolder(), 'audit');
  const log = await openLog(folder);
  for (let n = 1; n <= 5; n += 1) log.record('test.line', { n });
  await log.close();
  const [file = ''] = await dayFiles(folder);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const rewrite = async (changed: readonly string[]) => writeFile(file, changed.map((line) => `${line}\n`).join(''));
  return { folder, file, lines, rewrite, head: log.head };
}

describe('The audit log', () => {
  it('is whole as it was written, over restarts and midnights', async () => {
    const { folder } = await aLog();
    const next = await openLog(folder, { now: () => DAY });
    next.record('test.line', { n: 6 });
    await next.close();
    expect(await verdict(folder)).toMatchObject({ whole: true, lines: 8 });
  });

  it('is whole before its first line, unless a line is known that it had', async () => {
    const folder = join(await temporaryFolder(), 'audit');
    await (await openLog(folder)).close();
    expect(await verdict(folder)).toMatchObject({ whole: true, lines: 0 });
    expect(await verdict(folder, { seq: 6, mac: 'noted' })).toMatchObject({ whole: false, where: 'the end' });
  });

  it('shows that all its lines were removed', async () => {
    const { folder, file } = await aLog();
    await rm(file);
    expect(await verdict(folder)).toMatchObject({ whole: false, what: 'lines 1 to 6 are missing' });
  });

  it('shows a line that was changed', async () => {
    const { folder, lines, rewrite } = await aLog();
    await rewrite(lines.map((line) => line.replace('"n":3', '"n":4')));
    expect(await verdict(folder)).toMatchObject({ whole: false, where: '1970-01-01.jsonl line 4' });
  });

  it('shows a line that was removed', async () => {
    const { folder, lines, rewrite } = await aLog();
    await rewrite(lines.toSpliced(2, 1));
    expect(await verdict(folder)).toMatchObject({ whole: false, what: 'lines 3 to 3 are missing' });
  });

  it('shows lines that changed places', async () => {
    const { folder, lines, rewrite } = await aLog();
    const [third = '', fourth = ''] = lines.slice(2);
    await rewrite(lines.with(2, fourth).with(3, third));
    expect(await verdict(folder)).toMatchObject({ whole: false });
  });

  it('shows a line that was put in twice', async () => {
    const { folder, lines, rewrite } = await aLog();
    await rewrite([...lines, lines.at(-1) ?? '']);
    expect(await verdict(folder)).toMatchObject({ whole: false, what: 'line 6 stands behind line 6' });
  });

  it('shows a removed line also when the numbers were written anew, since the key is not in the file', async () => {
    const { folder, lines, rewrite } = await aLog();
    await rewrite(lines.toSpliced(2, 1).map((line, n) => line.replace(/"seq":\d+/, `"seq":${n + 1}`)));
    expect(await verdict(folder)).toMatchObject({ whole: false });
  });

  it('shows that its end was cut off', async () => {
    const { folder, lines, rewrite } = await aLog();
    await rewrite(lines.slice(0, 4));
    expect(await verdict(folder)).toMatchObject({ whole: false, where: 'the end', what: 'lines 5 to 6 are missing' });
  });

  it('shows that its end was cut off also after the server has gone on', async () => {
    const { folder, lines, rewrite } = await aLog();
    await rewrite(lines.slice(0, 4));
    const next = await openLog(folder);
    next.record('test.line', { n: 7 });
    await next.close();
    expect(await verdict(folder)).toMatchObject({ whole: false, what: 'lines 5 to 6 are missing' });
  });

  it('shows a cut that took the head along only to who noted a line elsewhere', async () => {
    const { folder, lines, rewrite, head } = await aLog();
    const early = join(await temporaryFolder(), 'audit');
    const first = await openLog(early);
    await first.close();
    await rewrite(lines.slice(0, 4));
    const { seq, mac } = JSON.parse(lines[3] ?? '');
    // What whoever has an old copy of the folder can put back: a head that was right once.
    const { Chain } = await import('../../../server/audit/chain.ts');
    await writeFile(
      join(folder, 'head.json'),
      JSON.stringify({ seq, mac, seal: new Chain(SECRET).sealOf({ seq, mac }) }),
    );
    expect(await verdict(folder)).toMatchObject({ whole: true });
    expect(await verdict(folder, head)).toMatchObject({ whole: false, where: 'the end' });
  });

  it('does not take a head that somebody else wrote', async () => {
    const { folder } = await aLog();
    await writeFile(join(folder, 'head.json'), JSON.stringify({ seq: 1, mac: 'x', seal: 'x' }));
    expect(await verdict(folder)).toMatchObject({ whole: false, where: 'head.json' });
  });

  it('shows a field that was put in twice, of which another reader takes the first', async () => {
    const { folder, lines, rewrite } = await aLog();
    await rewrite(lines.map((line) => line.replace('"n":3', '"n":9,"n":3')));
    expect(await verdict(folder)).toMatchObject({ whole: false, where: '1970-01-01.jsonl line 4' });
  });

  it('stays whole when the clock is set back over midnight, also in the next run', async () => {
    const folder = join(await temporaryFolder(), 'audit');
    let time = DAY;
    const log = await openLog(folder, { now: () => time });
    log.record('test.line', { n: 1 });
    await expect.poll(() => log.head.seq).toBe(2);
    time = DAY - 1_000;
    log.record('test.line', { n: 2 });
    await log.close();
    const next = await openLog(folder, { now: () => time });
    next.record('test.line', { n: 3 });
    await next.close();
    expect(await verdict(folder)).toMatchObject({ whole: true, lines: 4 });
  });

  it('goes on in a file that a crash has left without a line', async () => {
    const { folder } = await aLog();
    await writeFile(join(folder, '1970-01-02.jsonl'), '');
    await rm(join(folder, 'head.json'));
    const next = await openLog(folder, { now: () => DAY });
    next.record('test.line', { n: 6 });
    await next.close();
    expect(await verdict(folder)).toMatchObject({ whole: true });
  });

  it.each([
    ['removed', async (head: string) => rm(head), 'none'],
    ['replaced', async (head: string) => writeFile(head, '{"seq":4,"mac":"x","seal":"x"}'), 'forged'],
  ])('has a line of its own when its end was cut off and the head %s', async (_what, spoil, head) => {
    const { folder, lines, rewrite } = await aLog();
    await rewrite(lines.slice(0, 4));
    await spoil(join(folder, 'head.json'));
    const next = await openLog(folder);
    await next.close();
    const [file = ''] = await dayFiles(folder);
    expect(await readFile(file, 'utf8')).toContain(
      `"event":"audit.head-lost","fields":{"head":"${head}","lastLine":4}`,
    );
  });

  it('has each line once when the disk took the lines and refused the head', async () => {
    const folder = join(await temporaryFolder(), 'audit');
    const faults: unknown[] = [];
    const log = await openLog(folder, { onError: (error) => faults.push(error) });
    // A folder in the place of the head: nothing can be renamed to it.
    await mkdir(join(folder, 'head.json', 'in-the-way'), { recursive: true });
    log.record('test.line', { n: 1 });
    await expect.poll(() => faults.length).toBe(1);
    log.record('test.line', { n: 2 });
    await expect.poll(() => faults.length).toBe(2);
    await rm(join(folder, 'head.json'), { recursive: true });
    log.retry();
    await log.close();
    expect(await verdict(folder)).toMatchObject({ whole: true, lines: 3 });
  });

  it('takes off the half line of a crash, and goes on', async () => {
    const { folder, file } = await aLog();
    await appendFile(file, '{"seq":7,"at":"197');
    const next = await openLog(folder);
    next.record('test.line', { n: 6 });
    await next.close();
    expect(await verdict(folder)).toMatchObject({ whole: true, lines: 7 });
  });

  it('deletes the days that the retention has passed, and stays whole', async () => {
    const { folder } = await aLog();
    const next = await openLog(folder, { now: () => 40 * DAY });
    next.record('test.line', { n: 6 });
    await next.retire();
    await next.close();
    expect(await dayFiles(folder)).toHaveLength(1);
    expect(await verdict(folder)).toMatchObject({ whole: true });
  });

  it('shows a first day that was removed and not retired', async () => {
    const { folder, rewrite } = await aLog();
    const next = await openLog(folder, { now: () => DAY });
    next.record('test.line', { n: 6 });
    await next.close();
    await rewrite([]);
    const [, second = ''] = await dayFiles(folder);
    const found = await verifyAudit({ files: [second], folder, secret: SECRET });
    expect(found).toMatchObject({ whole: false, where: 'the beginning' });
  });

  it('keeps its lines for a disk that refuses them, and writes them when it takes them again', async () => {
    const folder = join(await temporaryFolder(), 'audit');
    const faults: unknown[] = [];
    let time = Number.NaN;
    const log = await openLog(folder, {
      now: () => (Number.isNaN(time) ? 0 : time),
      onError: (error) => faults.push(error),
    });
    // A folder in the place of the day's file: opening it for writing fails, as root too.
    await mkdir(join(folder, '1970-01-01.jsonl'));
    log.record('test.line', { n: 1 });
    await expect.poll(() => log.isWriting).toBe(false);
    await rm(join(folder, '1970-01-01.jsonl'), { recursive: true });
    time = 0;
    log.retry();
    await log.close();
    expect([faults.length, await verdict(folder)]).toMatchObject([1, { whole: true, lines: 2 }]);
  });
});

describe('A person in the audit log', () => {
  const FIRST = '2026-11-24';
  const NEXT = '2026-11-25';

  it('has one pseudonym over restarts, and another after they were forgotten', async () => {
    const { open } = await aFile();
    const people = await open();
    const before = people.pseudonym(NUMBER, FIRST);
    await people.store();
    const again = await open();
    expect(again.pseudonym(NUMBER, FIRST)).toBe(before);
    again.forget(NUMBER);
    await again.store();
    expect((await open()).pseudonym(NUMBER, FIRST)).not.toBe(before);
  });

  it('stands in no file as a number', async () => {
    const { file, open } = await aFile();
    const people = await open();
    people.pseudonym(NUMBER, FIRST);
    people.stranger('+12025550199', FIRST);
    await people.store();
    expect(await readFile(file, 'utf8')).not.toMatch(/\d{6}/);
  });

  it('costs a line at the end of the file, however many there are', async () => {
    const { file, open } = await aFile();
    const people = await open();
    for (let n = 0; n < 100; n += 1) people.pseudonym(`+1202555${1000 + n}`, FIRST);
    await people.store();
    const { ino, size } = await stat(file);
    people.pseudonym(NUMBER, FIRST);
    await people.store();
    const after = await stat(file);
    expect(after.ino).toBe(ino);
    expect(after.size - size).toBeLessThan(100);
  });

  it('is known again where a crash has left half a line', async () => {
    const { file, open } = await aFile();
    const people = await open();
    const before = people.pseudonym(NUMBER, FIRST);
    await people.store();
    await appendFile(file, '["half a li');
    const again = await open();
    again.pseudonym('+12025550199', FIRST);
    await again.store();
    expect((await open()).pseudonym(NUMBER, FIRST)).toBe(before);
  });

  it('stays known while others are forgotten at the same moment', async () => {
    const { open } = await aFile();
    const people = await open();
    for (const number of [NUMBER, '+12025550199']) people.pseudonym(number, FIRST);
    await people.store();
    const met: string[] = [];
    const stored = [NUMBER, '+12025550199'].map(async (number) => {
      people.forget(number);
      const storing = people.store();
      met.push(people.pseudonym(`${number}7`, FIRST));
      await Promise.all([storing, people.store()]);
    });
    await Promise.all(stored);
    const again = await open();
    expect([`${NUMBER}7`, '+120255501997'].flatMap((number) => again.pseudonymsOf(number))).toEqual(met);
  });

  it('is known, and can be forgotten, who was there when all were kept in one object', async () => {
    const { file, open } = await aFile();
    const people = await open();
    const [kept, erased] = [people.pseudonym(NUMBER, FIRST), people.pseudonym('+12025550199', FIRST)];
    await people.store();
    const rows = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const salts = rows.map((row) => z.tuple([z.string(), z.string(), z.string()]).parse(JSON.parse(row)).slice(0, 2));
    await rm(file);
    await writeFile(join(dirname(file), 'people.json'), JSON.stringify(Object.fromEntries(salts)));

    const upgraded = await open();
    expect(upgraded.pseudonymsOf(NUMBER)).toEqual([kept]);
    expect(upgraded.forget('+12025550199')).toBe(true);
    await upgraded.store();
    expect((await open()).pseudonymsOf(NUMBER)).toEqual([kept]);
    expect((await open()).pseudonymsOf('+12025550199')).not.toContain(erased);
  });

  it('is forgotten when the last line about them is', async () => {
    const { open } = await aFile();
    const people = await open();
    const [old, seenAgain] = [people.pseudonym(NUMBER, FIRST), people.pseudonym('+12025550199', FIRST)];
    people.pseudonym('+12025550199', NEXT);
    people.retire(NEXT);
    await people.store();
    const again = await open();
    expect(again.pseudonym('+12025550199', NEXT)).toBe(seenAgain);
    expect(again.pseudonym(NUMBER, NEXT)).not.toBe(old);
  });

  it('who was never called costs nothing, has one pseudonym, and is forgotten with the next who is', async () => {
    const { file, open } = await aFile();
    const people = await open();
    const strangers = Array.from({ length: 1_000 }, (_, n) => people.stranger(`+1202${2_000_000 + n}`, FIRST));
    await people.store();
    expect(new Set(strangers)).toHaveLength(1_000);
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(1);
    const again = await open();
    expect(again.stranger('+12022000000', FIRST)).toBe(strangers[0]);
    again.forget('+12022000000');
    await again.store();
    expect((await open()).stranger('+12022000000', FIRST)).not.toBe(strangers[0]);
  });

  it('is the same to a refusal as to a call that there was', async () => {
    const { open } = await aFile();
    const people = await open();
    expect(people.stranger(NUMBER, FIRST)).not.toBe(people.pseudonym(NUMBER, FIRST));
    expect(people.stranger(NUMBER, FIRST)).toBe(people.pseudonym(NUMBER, FIRST));
    expect(people.pseudonymsOf(NUMBER)).toContain(people.pseudonym(NUMBER, FIRST));
  });
});
