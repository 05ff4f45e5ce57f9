import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
    const { mkdir, rmdir } = await import('node:fs/promises');
    await mkdir(join(folder, '1970-01-01.jsonl'));
    log.record('test.line', { n: 1 });
    await expect.poll(() => log.isWriting).toBe(false);
    await rmdir(join(folder, '1970-01-01.jsonl'));
    time = 0;
    log.retry();
    await log.close();
    expect([faults.length, await verdict(folder)]).toMatchObject([1, { whole: true, lines: 2 }]);
  });
});

describe('A person in the audit log', () => {
  it('has one pseudonym over restarts, and another after they were forgotten', async () => {
    const file = join(await temporaryFolder(), 'people.json');
    const people = await People.open(file, SECRET);
    const before = people.pseudonym(NUMBER);
    await people.store();
    const again = await People.open(file, SECRET);
    expect(again.pseudonym(NUMBER)).toBe(before);
    again.forget(NUMBER);
    await again.store();
    expect((await People.open(file, SECRET)).pseudonym(NUMBER)).not.toBe(before);
  });

  it('stands in no file as a number', async () => {
    const folder = await temporaryFolder();
    const people = await People.open(join(folder, 'people.json'), SECRET);
    people.pseudonym(NUMBER);
    await people.store();
    expect(await readFile(join(folder, 'people.json'), 'utf8')).not.toMatch(/\d{6}/);
  });
});
