import { describe, expect, it } from 'vitest';
import { settled, verificationWorld } from '../../support/verification-world.ts';
import { ANOTHER_NUMBER } from '../../support/verification-world.ts';

describe('the sweep', () => {
  it('expires what is due, tells the call that is up, and leaves the rest', async () => {
    const world = verificationWorld();
    const old = await world.create();
    world.clock.advance(1);
    const young = await world.create({ to: ANOTHER_NUMBER });
    world.clock.advance(599_999);

    await world.service.sweep();

    expect(await world.store.find(old.verification.id)).toMatchObject({ status: 'expired' });
    expect(world.telephony.calls[0]?.told).toEqual(['expired']);
    expect(await world.store.find(young.verification.id)).toMatchObject({ status: 'pending' });
  });

  it('forgets the finished after their retention', async () => {
    const world = verificationWorld({ policy: { retention: 1_000 } });
    const { verification } = await world.create();
    await world.service.cancel(verification.id);
    await settled(world, verification.id);
    world.clock.advance(1_000);
    await world.service.sweep();
    await expect(world.service.get(verification.id)).resolves.toBeDefined();

    world.clock.advance(1);
    await world.service.sweep();

    await expect(world.service.get(verification.id)).rejects.toMatchObject({ code: 'verification_not_found' });
  });

  it('gives up a call that never reports an end', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.telephony.last.hangUp = () => {};
    world.clock.advance(600_001);

    await world.service.sweep();

    expect(await settled(world, verification.id)).toMatchObject({
      status: 'expired',
      call: { state: 'ended', outcome: 'trunk-unavailable' },
    });
  });
});

describe('whoever looks at a verification whose time is up', () => {
  it('finds it expired before any sweep', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.clock.advance(600_000);
    expect(await world.service.get(verification.id)).toMatchObject({ status: 'expired' });
    expect(world.changes.at(-1)).toMatchObject({ status: 'expired' });
  });
});

describe('after a crash', () => {
  const cases = [
    ['keypad', 'ringing', { status: 'failed', reason: 'trunk-unavailable' }],
    ['keypad', 'collecting', { status: 'failed', reason: 'trunk-unavailable' }],
    ['spoken', 'gate', { status: 'failed', reason: 'trunk-unavailable' }],
    ['spoken', 'speaking', { status: 'pending' }],
    ['spoken', 'verdict', { status: 'pending' }],
  ] as const;

  it.each(cases)('a %s verification whose call was %s is %o', async (method, state, expected) => {
    const before = verificationWorld();
    const { verification } = await before.create({ method });
    before.telephony.last.progress(state);
    await settled(before, verification.id);

    const after = verificationWorld({ store: before.store });
    await after.service.recover();

    expect(await after.service.get(verification.id)).toMatchObject({
      ...expected,
      call: { state: 'ended', outcome: 'trunk-unavailable' },
    });
  });

  it('the call of a finished verification is ended too', async () => {
    const before = verificationWorld();
    const created = await before.create();
    await before.telephony.last.key(created.code ?? '');

    const after = verificationWorld({ store: before.store });
    await after.service.recover();

    expect(await after.service.get(created.verification.id)).toMatchObject({
      status: 'verified',
      call: { state: 'ended' },
    });
  });
});

describe('a closed service', () => {
  it('has hung up every call and stored their ends', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();

    await world.service.close();
    await world.service.close();

    expect(world.telephony.last.hungUp).toBe(true);
    expect(await world.store.find(verification.id)).toMatchObject({
      status: 'failed',
      reason: 'canceled',
      call: { state: 'ended', outcome: 'canceled' },
    });
  });

  it('leaves open what the phone holder may have heard', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ method: 'spoken' });
    world.telephony.last.progress('speaking');
    await world.service.close();
    expect(await world.store.find(verification.id)).toMatchObject({ status: 'pending', call: { state: 'ended' } });
  });

  it('makes no new verification', async () => {
    const world = verificationWorld();
    await world.service.close();
    await expect(world.create()).rejects.toMatchObject({ code: 'telephony_unavailable' });
  });
});
