import { describe, expect, it } from 'vitest';
import type { DoNotCall } from '../../../server/verification/ports.ts';
import { A_NUMBER, codeOf, settled, verificationWorld } from '../../support/verification-world.ts';

/** A list that can be written to when the test says so. */
function aList() {
  const added: string[] = [];
  let finish: (() => void) | undefined;
  const written = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const list: DoNotCall = {
    add: async (number, why) => {
      added.push(`${number} ${why}`);
      await written;
    },
  };
  return { list, added, finish: () => finish?.() };
}

const open = (doNotCall?: DoNotCall) =>
  verificationWorld({ policy: { reportKey: '9' }, ...(doNotCall && { doNotCall }) });
const full: DoNotCall = { add: async () => Promise.reject(new Error('ENOSPC')) };
const kept: DoNotCall = { add: async () => {} };

describe('a report by the phone holder', () => {
  it.each(['keypad', 'spoken'] as const)('fails a %s verification as reported', async (method) => {
    const world = open(kept);
    const { verification } = await world.create({ method });
    await world.telephony.last.report();
    expect(await settled(world, verification.id)).toMatchObject({
      status: 'failed',
      reason: 'reported',
      reportedAt: world.clock.now(),
    });
  });

  it('is written to the list before the verification is, and answered after both', async () => {
    const { list, added, finish } = aList();
    const world = open(list);
    const { verification } = await world.create();
    const answer = world.telephony.last.report();
    expect(await settled(world, verification.id)).toMatchObject({ status: 'pending' });
    expect(added).toEqual([`${A_NUMBER} reported`]);
    finish();
    expect(await answer).toBe(true);
    expect(await world.service.get(verification.id)).toMatchObject({ status: 'failed' });
  });

  it.each(['sip:desk@pbx.example', '1001'])('puts %s on the list as it is called', async (to) => {
    const { list, added, finish } = aList();
    finish();
    const world = open(list);
    await world.create({ to });
    await world.telephony.last.report();
    expect(added).toEqual([`${to} reported`]);
  });

  it('fails the verification where the list cannot be written, and promises nothing', async () => {
    const world = open(full);
    const { verification } = await world.create();
    expect(await world.telephony.last.report()).toBe(false);
    expect(await settled(world, verification.id)).toMatchObject({ status: 'failed', reason: 'reported' });
    expect(world.errors).toEqual([new Error('ENOSPC')]);
  });

  it('promises nothing where there is no list', async () => {
    const world = open();
    await world.create();
    expect(await world.telephony.last.report()).toBe(false);
  });

  it('is the answer to itself: the phone is not told of the failure as well', async () => {
    const world = open(kept);
    await world.create();
    await world.telephony.last.report();
    expect(world.telephony.last.told).toEqual([]);
  });

  it('closes a spoken verification whose code was heard, though nothing else did', async () => {
    const world = open(kept);
    const { verification } = await world.create({ method: 'spoken' });
    world.telephony.last.end('reported', { codeDelivered: true });
    expect(await settled(world, verification.id)).toMatchObject({
      status: 'failed',
      reason: 'reported',
      call: { outcome: 'reported' },
    });
  });

  it('is kept with a verification that was verified before, which stays so', async () => {
    const world = open(kept);
    const created = await world.create();
    await world.telephony.last.key(codeOf(world, created));
    await world.telephony.last.report();
    expect(await settled(world, created.verification.id)).toMatchObject({
      status: 'verified',
      reportedAt: expect.any(Number),
    });
  });

  it('counts once', async () => {
    const world = open(kept);
    const { verification } = await world.create();
    await world.telephony.last.report();
    world.clock.advance(1_000);
    await world.telephony.last.report();
    expect(await settled(world, verification.id)).toMatchObject({ reportedAt: world.clock.now() - 1_000 });
  });

  it('says which key it is to the voice server', async () => {
    const world = open(kept);
    await world.create();
    expect(world.telephony.last.request.reportKey).toBe('9');
  });

  it('has no key where the operator wants none', async () => {
    const world = verificationWorld();
    await world.create();
    expect(world.telephony.last.request).not.toHaveProperty('reportKey');
  });
});
