import type * as Fs from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { LowdbStore } from '../../../server/storage/lowdb-store.ts';
import type { Verification } from '../../../server/verification/verification.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { seeded } from '../../soak/random.ts';
import { memory } from '../../support/forgetful-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

vi.mock('node:fs/promises', async (actual) => {
  const { memory: disk } = await import('../../support/forgetful-disk.ts');
  return disk.remembering(await actual<typeof Fs>());
});

/** So that much is checkpointed in a short life. */
const LIMITS = { long: 4_000, longest: 60_000, pagesFollowAfter: 1 };
/** Each moment is tried so often: what was not flushed may be found or not. */
const CUTS = 2;
/** So many moments of the first life are begun anew from. */
const EACH = 16;
const GONE = -1;

/** What was asked for of one verification, in order: a revision, or that it be gone. */
interface Asked {
  readonly revision: number;
  readonly since: number;
  /** When the answer came: from then on it may not be lost. */
  kept: number;
}

class Life {
  readonly asked = new Map<string, Asked[]>();
  async ask(ids: readonly string[], revision: number, change: () => Promise<unknown>): Promise<void> {
    const asked: Asked = { revision, since: memory.now, kept: Infinity };
    for (const id of ids) this.asked.set(id, [...(this.asked.get(id) ?? []), asked]);
    await change();
    asked.kept = memory.now;
  }

  /** What may be found of it after a power cut at this moment. */
  allowed(id: string, at: number): readonly number[] {
    const asked = this.asked.get(id) ?? [];
    const kept = asked.findLastIndex((each) => each.kept <= at);
    const possible = asked.slice(Math.max(0, kept)).filter((each) => each.since < at);
    return [...(kept === -1 ? [GONE] : []), ...possible.map(({ revision }) => revision)];
  }
}

function nth(n: number, overrides: Partial<Verification> = {}): Verification {
  const to = `+1202555${String(n).padStart(4, '0')}`;
  return aVerification({ id: `ver_${n}`, to, codeHash: `hash-${n}`, ...overrides });
}

async function together(from: number, to: number, work: (n: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: to - from }, async (_, n) => work(from + n)));
}

/** Verifications are made, changed, finished, purged and erased, several at a time, over more than one page. */
async function live(store: LowdbStore, life: Life): Promise<void> {
  const insert = async (n: number) => life.ask([`ver_${n}`], 0, async () => store.insert(nth(n)));
  const finish = async (n: number) =>
    life.ask([`ver_${n}`], 1, async () => store.replace(nth(n, { status: 'expired', updatedAt: 1 })));
  for (let n = 0; n < 4; n += 1) await insert(n);
  await together(4, 70, insert);
  await life.ask(['ver_3'], 1, async () => store.replace(nth(3, { attemptsLeft: 4 })));
  await life.ask(['ver_3'], GONE, async () => store.erase(nth(3).to));
  await together(4, 66, finish);
  await together(70, 74, insert);
  const finished = Array.from({ length: 62 }, (_, n) => `ver_${4 + n}`);
  await life.ask(finished, GONE, async () => store.purge(2));
  await insert(80);
}

/** The revision of each verification that a store in this folder says it has. */
async function found(folder: string): Promise<ReadonlyMap<string, number>> {
  const store = await LowdbStore.open(join(folder, 'data', 'ringproof.json'));
  const all = await store.list({ limit: Infinity });
  await store.close();
  return new Map(all.map(({ id, revision }) => [id, revision]));
}

/** A life that is over. */
async function aLife(): Promise<Life> {
  const folder = await temporaryFolder();
  memory.watch(folder);
  const life = new Life();
  const store = await LowdbStore.open(join(folder, 'data', 'ringproof.json'), { limits: LIMITS });
  await live(store, life);
  await store.close();
  return life;
}

/** Opens what a power cut left, and says what is wrong with it. */
async function faultsOf(image: string, life: Life, at: number): Promise<readonly string[]> {
  try {
    const revisions = await found(image);
    return [...life.asked.keys()].flatMap((id) => {
      const revision = revisions.get(id) ?? GONE;
      const allowed = life.allowed(id, at);
      return allowed.includes(revision) ? [] : [`${at}: ${id} is ${revision}, not ${allowed.join(' or ')}`];
    });
  } catch (error) {
    return [`${at}: ${String(error)}`];
  }
}

describe('A store whose machine loses power at any moment', () => {
  it('has all that was acknowledged, and nothing that was not asked for', { timeout: 60_000 }, async () => {
    const life = await aLife();
    const images = await temporaryFolder();
    const faults: string[] = [];
    for (let at = 0; at <= memory.now; at += 1) {
      for (let cut = 0; cut < CUTS; cut += 1) {
        const image = await mkdtemp(join(images, 'image-'));
        memory.recall(at, seeded(at * CUTS + cut), image);
        faults.push(...(await faultsOf(image, life, at)));
      }
    }
    expect(faults).toEqual([]);
  });

  it('has it also when that happens again while it starts anew', { timeout: 60_000 }, async () => {
    const life = await aLife();
    const images = await temporaryFolder();
    const cuts: { readonly at: number; readonly image: string }[] = [];
    for (let at = EACH; at <= memory.now; at += EACH) {
      const image = await mkdtemp(join(images, 'image-'));
      memory.recall(at, seeded(at), image);
      cuts.push({ at, image });
    }
    const faults: string[] = [];
    for (const { at, image } of cuts) {
      memory.watch(image);
      await found(image);
      for (let again = 0; again <= memory.now; again += 1) {
        const second = await mkdtemp(join(images, 'again-'));
        memory.recall(again, seeded(again), second);
        faults.push(...(await faultsOf(second, life, at)));
      }
    }
    expect(faults).toEqual([]);
  });
});
