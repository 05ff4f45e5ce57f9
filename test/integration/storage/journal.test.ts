import { cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeFrame } from '../../../server/storage/journal-frame.ts';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import type { Checkpoint, JournalLimits } from '../../../server/storage/store-folder.ts';
import type { Verification } from '../../../server/verification/verification.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { crashImage, pagesOf, take } from '../../support/crash-image.ts';
import { filesIn } from '../../support/files-in.ts';
import { fillDisk } from '../../support/full-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MIB = 1024 * 1024;
/** Pages follow when the store is closed, and not before. */
const LATE: JournalLimits = { long: 8 * MIB, longest: 64 * MIB, pagesFollowAfter: 600_000 };
const JOURNAL = '000001.journal';

/** The `n`th of many, each with a number and a code of its own. */
function nth(n: number, overrides: Partial<Verification> = {}): Verification {
  const to = `+1202555${String(n).padStart(4, '0')}`;
  return aVerification({ id: `ver_${n}`, to, codeHash: `hash-${n}`, ...overrides });
}

async function aStore(limits = LATE, onCheckpoint: (checkpoint: Checkpoint) => void = () => {}) {
  const file = join(await temporaryFolder(), 'ringproof.json');
  const store = await LowdbStore.open(file, { limits, onCheckpoint });
  onTestFinished(async () => store.close());
  return { file, pages: pagesOf(file), store };
}

/** What a store says that is opened from here. */
async function contentOf(file: string): Promise<readonly Verification[]> {
  const store = await LowdbStore.open(file);
  const found = await store.list({ limit: Infinity });
  await store.close();
  return found;
}

const idsIn = async (file: string) => (await contentOf(file)).map(({ id }) => id).toSorted();

/** Killed after three changes, each acknowledged before the next one was made. */
async function aKilledStore() {
  const { file, store } = await aStore();
  const ends: number[] = [];
  for (const n of [1, 2, 3]) {
    await store.insert(nth(n));
    ends.push((await stat(join(pagesOf(file), JOURNAL))).size);
  }
  return { ...(await crashImage(file)), ends };
}

describe('A store that was killed', () => {
  it('has what its pages did not have yet', async () => {
    const { file, store } = await aStore();
    await store.insert(nth(1));
    await store.insert(nth(2));
    await store.replace(nth(1, { attemptsLeft: 3 }));
    await store.replace(nth(2, { status: 'expired', updatedAt: 1 }));
    await store.purge(2);
    const image = await crashImage(file);
    expect(await readdir(image.pages)).toEqual([JOURNAL]);
    expect(await contentOf(image.file)).toEqual([nth(1, { attemptsLeft: 3, revision: 1 })]);
  });

  it('has whole documents and no journal after the next start', async () => {
    const { file, pages } = await aKilledStore();
    expect(await idsIn(file)).toEqual(['ver_1', 'ver_2', 'ver_3']);
    expect(await readdir(pages)).toEqual(['000001.json']);
    expect(JSON.parse(await readFile(file, 'utf8'))).not.toHaveProperty('journals');
    expect(await idsIn(file)).toEqual(['ver_1', 'ver_2', 'ver_3']);
  });

  it('loses nothing but what it was writing when it was killed', async () => {
    const { file, pages, ends } = await aKilledStore();
    const [, second = 0, third = 0] = ends;
    for (const size of [second + 1, second + 9, (second + third) >> 1, third - 1]) {
      const image = await crashImage(file);
      await truncate(join(image.pages, JOURNAL), size);
      expect({ size, ids: await idsIn(image.file) }).toEqual({ size, ids: ['ver_1', 'ver_2'] });
    }
    expect(await readdir(pages)).toEqual([JOURNAL]);
  });

  it.each([
    ['changed', 0, (journal: Buffer) => journal.fill('x', 30, 31)],
    ['full of zeros at its beginning', 0, (journal: Buffer, first: number) => journal.fill(0, 0, first)],
    ['changed in the middle', 1, (journal: Buffer, first: number) => journal.fill('x', first + 30, first + 31)],
    [
      'short of a frame',
      1,
      (journal: Buffer, first: number, second: number) =>
        Buffer.concat([journal.subarray(0, first), journal.subarray(second)]),
    ],
  ] as const)('is refused where its journal is %s, by name and place, and left as it is', async (_, frame, damage) => {
    const { file, pages, ends } = await aKilledStore();
    const [first = 0, second = 0] = ends;
    const journal = join(pages, JOURNAL);
    await writeFile(journal, damage(await readFile(journal), first, second));
    const before = await filesIn(dirname(file));

    await expect(LowdbStore.open(file)).rejects.toMatchObject({
      code: 'damaged',
      file: journal,
      message: expect.stringMatching(`${journal} is damaged .* at byte ${frame === 0 ? 0 : first}\\)`),
    });

    expect(await filesIn(dirname(file))).toEqual(before);
  });

  it('is refused where its journal is missing, by name', async () => {
    const { file, pages } = await aKilledStore();
    await rm(join(pages, JOURNAL));
    await expect(LowdbStore.open(file)).rejects.toMatchObject({ code: 'missing', file: join(pages, JOURNAL) });
  });

  it('is refused where its journal has another document, and nothing of it is said', async () => {
    const { file, pages } = await aKilledStore();
    await writeFile(join(pages, JOURNAL), encodeFrame(1, '[{"put":{"to":"+12025550000"}}]'));
    const opening = LowdbStore.open(file);
    await expect(opening).rejects.toMatchObject({ code: 'damaged', file: join(pages, JOURNAL) });
    await expect(opening).rejects.not.toThrow('+12025550000');
  });

  it('says where there is no room for its pages, how much they take and what to do, and is left as it is', async () => {
    const { file, pages } = await aKilledStore();
    const makeRoom = await fillDisk();
    onTestFinished(makeRoom);
    await expect(LowdbStore.open(file)).rejects.toMatchObject({
      code: 'write-failed',
      message: expect.stringMatching(
        `cannot be written to ${pages} \\(EFBIG\\)\\. It takes 0\\.1 MiB there, where [\\d.]+ MiB are free: `,
      ),
    });
    await makeRoom();
    expect(await readdir(pages)).toEqual([JOURNAL]);
    expect(await idsIn(file)).toEqual(['ver_1', 'ver_2', 'ver_3']);
  });

  it('comes to the same wherever the writing of its pages was interrupted', async () => {
    const { file, store } = await aStore();
    await Promise.all(Array.from({ length: 130 }, async (_, n) => store.insert(nth(n))));
    await store.erase('nobody');
    // The first page goes away as a whole, the others change, and one is new.
    await Promise.all(
      Array.from({ length: 70 }, async (_, n) => store.replace(nth(n, { status: 'expired', updatedAt: 1 }))),
    );
    await store.purge(2);
    await Promise.all(Array.from({ length: 64 }, async (_, n) => store.insert(nth(200 + n))));
    await store.replace(nth(100, { attemptsLeft: 1 }));
    const expected = (await store.list({ limit: Infinity })).toSorted(byId);
    const before = await crashImage(file);
    await store.close();
    const after = await crashImage(file);

    // In the order of StoreFolder's checkpoint.
    const steps = ['000002.json', '000003.json', '000004.json', 'root', '000002.journal', '000001.json'];
    expect(
      [...new Set([...(await readdir(before.pages)), ...(await readdir(after.pages)), 'root'])].toSorted(),
    ).toEqual(steps.toSorted());
    for (let done = 0; done <= steps.length; done += 1) {
      const image = await crashImage(before.file);
      for (const step of steps.slice(0, done)) {
        if (step === 'root') await cp(after.file, image.file);
        else await take(step, after.pages, image.pages);
      }
      expect({ done, found: (await contentOf(image.file)).toSorted(byId) }).toEqual({ done, found: expected });
      expect(await readdir(image.pages)).not.toContain('000002.journal');
    }
  });
});

describe('A journal', () => {
  it('is not there while no change waits for its page', async () => {
    const { file, pages, store } = await aStore({ ...LATE, pagesFollowAfter: 1 });
    await store.insert(nth(1));
    await expect.poll(async () => readdir(pages)).toEqual(['000001.json']);
    expect(await idsIn((await crashImage(file)).file)).toEqual(['ver_1']);
  });

  it('is begun anew as soon as it is long', async () => {
    const { file, pages, store } = await aStore({ ...LATE, long: 20_000 });
    for (let n = 0; n < 200; n += 1) await store.insert(nth(n));
    await expect.poll(async () => readdir(pages)).not.toContain(JOURNAL);
    expect(await contentOf((await crashImage(file)).file)).toHaveLength(200);
  });

  it('holds changes up where pages cannot be written, loses none of them, and goes on', async () => {
    const { file, pages, store } = await aStore({ long: 2_000, longest: 4_000, pagesFollowAfter: 600_000 });
    const obstacle = join(pages, '000001.json.tmp');
    await mkdir(obstacle);
    let kept = 0;
    const fill = async (): Promise<void> => {
      for (; kept < 100; kept += 1) await store.insert(nth(kept));
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'storage_unavailable',
      cause: { code: 'write-failed', file: join(pages, '000001.json') },
    });
    const refused = kept;
    expect(await store.find(`ver_${refused}`)).toBeUndefined();
    const image = await crashImage(file);
    await rm(join(image.pages, '000001.json.tmp'), { recursive: true });
    expect(await contentOf(image.file)).toHaveLength(refused);

    await rm(obstacle, { recursive: true });
    await fill();
    expect(await contentOf((await crashImage(file)).file)).toHaveLength(100);
  });

  it('tells at once that its pages cannot be written, and that they can again', async () => {
    const told: Checkpoint[] = [];
    const { pages, store } = await aStore({ ...LATE, pagesFollowAfter: 1 }, (checkpoint) => told.push(checkpoint));
    const obstacle = join(pages, '000001.json.tmp');
    await mkdir(obstacle);
    await store.insert(nth(1));
    await expect.poll(() => told.at(0)).toMatchObject({ error: { code: 'storage_unavailable' } });
    expect(told[0]?.waiting).toBeGreaterThan(0);
    expect(told[0]?.room).toBe(LATE.longest - (told[0]?.waiting ?? 0));
    await rm(obstacle, { recursive: true });
    await expect.poll(() => told.at(-1)).toEqual({ waiting: 0, room: LATE.longest });
  });

  it('has nothing of what was refused because the disk took half of it', async () => {
    const { file, pages, store } = await aStore();
    await store.insert(nth(1));
    const { size } = await stat(join(pages, JOURNAL));
    const makeRoom = await fillDisk(size + 50);
    onTestFinished(makeRoom);
    const refused = await Promise.allSettled([store.insert(nth(2)), store.replace(nth(1, { attemptsLeft: 1 }))]);
    await makeRoom();
    expect(refused).toMatchObject([{ reason: { cause: { cause: { code: 'EFBIG' } } } }, { status: 'rejected' }]);
    expect((await stat(join(pages, JOURNAL))).size).toBe(size);
    expect(await contentOf((await crashImage(file)).file)).toEqual([nth(1)]);
    expect(await store.insert(nth(3))).toBe('inserted');
    expect(await idsIn((await crashImage(file)).file)).toEqual(['ver_1', 'ver_3']);
  });

  it('keeps nothing of a number that was erased', async () => {
    const { file, store } = await aStore();
    await store.insert(nth(1));
    await store.insert(nth(2));
    await store.replace(nth(1, { attemptsLeft: 1 }));
    const written = async () => (await filesIn(dirname(file))).map(({ text }) => text).join('\n');
    expect(await written()).toContain(nth(1).to);
    expect(await store.erase(nth(1).to)).toBe(1);
    expect(await written()).not.toContain(nth(1).to);
    expect(await written()).toContain(nth(2).to);
  });

  it('is emptied of an erased number also when that had failed at first', async () => {
    const { file, store } = await aStore();
    await store.insert(nth(1));
    const obstacle = `${file}.tmp`;
    await mkdir(obstacle);
    await expect(store.erase(nth(1).to)).rejects.toMatchObject({ code: 'storage_unavailable' });
    await rm(obstacle, { recursive: true });
    expect(await store.erase(nth(1).to)).toBe(0);
    expect((await filesIn(dirname(file))).map(({ text }) => text).join('\n')).not.toContain(nth(1).to);
  });

  it('is read by its owner only', async () => {
    const { pages, store } = await aStore();
    await store.insert(nth(1));
    expect((await stat(join(pages, JOURNAL))).mode & 0o777).toBe(0o600);
  });
});

function byId(a: Verification, b: Verification): number {
  return a.id < b.id ? -1 : 1;
}
