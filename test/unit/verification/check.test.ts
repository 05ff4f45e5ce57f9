import { describe, expect, it } from 'vitest';
import { codeOf, notThe, settled, verificationWorld } from '../../support/verification-world.ts';

describe('a code typed on the page', () => {
  it('verifies and tells the phone that is still up', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });

    const checked = await world.service.check(created.verification.id, codeOf(world, created));

    expect(checked.status).toBe('verified');
    expect(world.telephony.last.told).toEqual(['verified']);
  });

  it('is of no use a second time', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    await world.service.check(created.verification.id, codeOf(world, created));

    await expect(world.service.check(created.verification.id, codeOf(world, created))).rejects.toMatchObject({
      code: 'verification_closed',
    });
  });

  it('leaves no hash behind once the verification is over', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    await world.service.check(created.verification.id, codeOf(world, created));

    expect(await world.store.find(created.verification.id)).not.toHaveProperty('codeHash');
  });

  it('costs one attempt when it is wrong', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });

    const checked = await world.service.check(created.verification.id, notThe(codeOf(world, created)));

    expect(checked).toMatchObject({ status: 'pending', attemptsLeft: 4 });
  });

  it('costs one attempt when it is not even a code', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ method: 'spoken' });

    expect(await world.service.check(verification.id, 'ab')).toMatchObject({ status: 'pending', attemptsLeft: 4 });
  });

  it('locks at the fifth wrong one and tells the phone', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    const wrong = notThe(codeOf(world, created));
    for (let guess = 1; guess <= 4; guess += 1) await world.service.check(created.verification.id, wrong);

    expect(await world.service.check(created.verification.id, wrong)).toMatchObject({
      status: 'locked',
      attemptsLeft: 0,
    });
    expect(world.telephony.last.told).toEqual(['locked']);
  });

  it('verifies exactly once when a hundred right ones arrive together', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    const code = codeOf(world, created);

    const checks = await Promise.allSettled(
      Array.from({ length: 100 }, async () => world.service.check(created.verification.id, code)),
    );

    const closed = expect.objectContaining({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'verification_closed' }),
    });
    expect(checks.slice(1)).toEqual(Array.from({ length: 99 }, () => closed));
    expect(checks[0]).toMatchObject({ status: 'fulfilled', value: { status: 'verified' } });
  });

  it('spends exactly five attempts when a hundred wrong ones arrive together', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    const wrong = notThe(codeOf(world, created));

    const checks = await Promise.allSettled(
      Array.from({ length: 100 }, async () => world.service.check(created.verification.id, wrong)),
    );

    expect(checks.filter((check) => check.status === 'fulfilled')).toHaveLength(5);
    expect(await world.service.get(created.verification.id)).toMatchObject({ status: 'locked', attemptsLeft: 0 });
  });

  it('verifies in the last millisecond', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    world.clock.advance(599_999);

    expect(await world.service.check(created.verification.id, codeOf(world, created))).toMatchObject({
      status: 'verified',
    });
  });

  it('comes too late at the very millisecond of expiry', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    world.clock.advance(600_000);

    await expect(world.service.check(created.verification.id, codeOf(world, created))).rejects.toMatchObject({
      code: 'verification_closed',
    });
    expect(await world.service.get(created.verification.id)).toMatchObject({ status: 'expired' });
  });

  it('is refused where the page itself shows the code', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'keypad' });

    await expect(world.service.check(created.verification.id, codeOf(world, created))).rejects.toMatchObject({
      code: 'code_not_typed_here',
    });
    expect(await settled(world, created.verification.id)).toMatchObject({ status: 'pending', attemptsLeft: 5 });
  });

  it('of an unknown verification is refused as not found', async () => {
    const world = verificationWorld();
    await expect(world.service.check('ver_nobody', '123456')).rejects.toMatchObject({ code: 'verification_not_found' });
  });
});
