import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LowdbStore } from '../../server/storage/lowdb-store.ts';
import { createNumberPlan } from '../../server/verification/phone-number.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  A_NUMBER,
  ANOTHER_NUMBER,
  codeOf,
  notThe,
  verificationWorld,
  type World,
} from '../support/verification-world.ts';

/** The units of CN101079931A with their real parts: numbering, codes, storage on disk, verification; only the voice server is played. */
async function aSystem(): Promise<World> {
  const store = await LowdbStore.open(join(await temporaryFolder(), 'ringproof.json'));
  onTestFinished(async () => store.close());
  const numbers = createNumberPlan({ defaultCountry: 'US', sipDomains: [] });
  return verificationWorld({ store, numbers });
}

describe('the system (CN101079931A)', () => {
  it('claim 1: takes a number, creates a code for it, stores the two together, and verifies by a call', async () => {
    const world = await aSystem();

    const { verification, code } = await world.create({ to: '(202) 555-0123' });

    expect(verification.to).toBe(A_NUMBER);
    expect(await world.store.findLive('shop', A_NUMBER)).toMatchObject({
      id: verification.id,
      codeHash: expect.any(String),
    });
    expect(world.telephony.last.request.to).toBe(A_NUMBER);
    expect(await world.telephony.last.key(code ?? '')).toBe('verified');
    expect(world.changes.at(-1)).toMatchObject({ id: verification.id, status: 'verified' });
  });

  it('claim 1: keeps codes and numbers one to one among the live verifications', async () => {
    const world = await aSystem();
    const first = await world.create();
    const second = await world.create({ to: ANOTHER_NUMBER });
    expect(second.code).not.toBe(first.code);
    await world.create();

    const live = await world.store.pending();

    expect(live.map(({ to }) => to).toSorted()).toEqual([A_NUMBER, ANOTHER_NUMBER]);
    expect(new Set(live.map(({ codeHash }) => codeHash)).size).toBe(2);
  });

  it('claim 5: carries out the method: number in, code out, call, comparison, result', async () => {
    const world = await aSystem();
    const created = await world.create();
    const call = world.telephony.last;
    for (const state of ['dialing', 'ringing', 'answered', 'collecting'] as const) call.progress(state);

    expect(await call.key(notThe(codeOf(world, created)))).toBe('wrong-code');
    expect(await call.key(codeOf(world, created))).toBe('verified');

    expect(await world.service.get(created.verification.id)).toMatchObject({ status: 'verified', attemptsLeft: 4 });
  });
});

describe('the first embodiment, keypad (CN101079931A)', () => {
  it('claim 2: sends the code to the page and takes it back from the phone', async () => {
    const world = await aSystem();

    const { verification, code } = await world.create({ method: 'keypad' });

    expect(code).toMatch(/^\d{6}$/);
    expect(world.telephony.last.request).not.toHaveProperty('code');
    await expect(world.service.check(verification.id, code ?? '')).rejects.toMatchObject({
      code: 'code_not_typed_here',
    });
    expect(await world.telephony.last.key(code ?? '')).toBe('verified');
  });

  it('claim 6: shows the code, calls, compares what was keyed, tells the page and the phone', async () => {
    const world = await aSystem();
    const { verification, code } = await world.create({ method: 'keypad' });
    world.telephony.last.progress('collecting', 6);

    await world.telephony.last.key(code ?? '');

    expect(world.changes.at(-1)).toMatchObject({ id: verification.id, status: 'verified' });
    expect(world.telephony.last.told).toEqual(['verified']);
  });

  it.each(['no-answer', 'busy', 'rejected', 'unreachable'] as const)(
    'claim 7: fails with the reason on the page when no connection comes about (%s)',
    async (outcome) => {
      const world = await aSystem();
      const { verification } = await world.create({ method: 'keypad' });
      world.telephony.last.end(outcome);
      expect(await world.over(verification.id)).toMatchObject({ status: 'failed', reason: outcome });
    },
  );

  it.each(['no-input', 'hung-up'] as const)(
    'claim 7: fails with the reason on the page when no code is keyed (%s)',
    async (outcome) => {
      const world = await aSystem();
      const { verification } = await world.create({ method: 'keypad' });
      world.telephony.last.progress('collecting');
      world.telephony.last.end(outcome);
      expect(await world.over(verification.id)).toMatchObject({ status: 'failed', reason: outcome });
    },
  );

  it('claim 7: tells the phone that is still up when the verification is lost', async () => {
    const world = await aSystem();
    const created = await world.create({ method: 'keypad' });
    world.telephony.last.progress('collecting');
    world.clock.advance(600_000);

    await world.service.sweep();

    expect(world.telephony.last.told).toEqual(['expired']);
    expect(await world.service.get(created.verification.id)).toMatchObject({ status: 'expired' });
  });
});

describe('the second embodiment, spoken (CN101079931A)', () => {
  it('claim 3: sends the code to the voice server and takes it back from the page', async () => {
    const world = await aSystem();

    const created = await world.create({ method: 'spoken' });

    expect(created).not.toHaveProperty('code');
    expect(await world.service.check(created.verification.id, codeOf(world, created))).toMatchObject({
      status: 'verified',
    });
  });

  it('claim 4: the voice server is handed the code to deliver to the phone, and nobody else is', async () => {
    const world = await aSystem();
    const created = await world.create({ method: 'spoken' });
    const { code } = world.telephony.last.request;
    expect(code).toMatch(/^\d{6}$/);
    expect(JSON.stringify([created, world.changes])).not.toContain(code);
  });

  it('claim 8: speaks the code, takes what is typed on the page, tells the page and the phone', async () => {
    const world = await aSystem();
    const created = await world.create({ method: 'spoken' });
    world.telephony.last.progress('speaking');

    await world.service.check(created.verification.id, codeOf(world, created));

    expect(world.changes.at(-1)).toMatchObject({ status: 'verified' });
    expect(world.telephony.last.told).toEqual(['verified']);
  });

  it.each(['no-answer', 'busy', 'rejected', 'unreachable', 'no-input'] as const)(
    'claim 9: fails with the reason on the page when the code does not reach the phone (%s)',
    async (outcome) => {
      const world = await aSystem();
      const { verification } = await world.create({ method: 'spoken' });
      world.telephony.last.end(outcome);
      expect(await world.over(verification.id)).toMatchObject({ status: 'failed', reason: outcome });
    },
  );

  it('claim 9: fails on the page and on the phone when no right code is typed', async () => {
    const world = await aSystem();
    const created = await world.create({ method: 'spoken' });
    world.telephony.last.progress('speaking');
    for (let guess = 1; guess <= 5; guess += 1) {
      await world.service.check(created.verification.id, notThe(codeOf(world, created)));
    }
    expect(world.changes.at(-1)).toMatchObject({ status: 'locked' });
    expect(world.telephony.last.told).toEqual(['locked']);
  });
});
