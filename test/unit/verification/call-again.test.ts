import { describe, expect, it } from 'vitest';
import { codeOf, notThe, settled, verificationWorld, type World } from '../../support/verification-world.ts';

/** A spoken verification whose first call spoke the code, which the visitor missed. */
async function afterTheFirstCall(world: World) {
  const created = await world.create({ method: 'spoken' });
  const code = codeOf(world, created);
  const call = world.telephony.last;
  call.end('completed', { codeDelivered: true });
  await settled(world, created.verification.id);
  return { id: created.verification.id, code, call, created };
}

describe('calling again', () => {
  it('rings once more with a fresh code', async () => {
    const world = verificationWorld();
    const { id, code, created } = await afterTheFirstCall(world);

    const again = await world.service.callAgain(id);

    expect(again).toMatchObject({
      token: created.token,
      verification: { call: { number: 2, state: 'queued', keys: 0 } },
    });
    expect(world.telephony.calls).toHaveLength(2);
    expect(await world.service.check(id, codeOf(world, again))).toMatchObject({ status: 'verified' });
    expect(codeOf(world, again)).not.toBe(code);
  });

  it('makes the old code a wrong one', async () => {
    const world = verificationWorld();
    const { id, code } = await afterTheFirstCall(world);
    await world.service.callAgain(id);
    expect(await world.service.check(id, code)).toMatchObject({ status: 'pending', attemptsLeft: 4 });
  });

  it('gives neither attempts nor time back', async () => {
    const world = verificationWorld();
    const { id, code, created } = await afterTheFirstCall(world);
    await world.service.check(id, notThe(code));
    world.clock.advance(60_000);

    const { verification } = await world.service.callAgain(id);

    expect(verification).toMatchObject({ attemptsLeft: 4, expiresAt: created.verification.expiresAt });
  });

  it('waits for the end of the last call', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ method: 'spoken' });
    await expect(world.service.callAgain(verification.id)).rejects.toMatchObject({ code: 'call_in_progress' });
  });

  it('is refused when the verification is over', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.telephony.last.end('busy');
    await settled(world, verification.id);
    await expect(world.service.callAgain(verification.id)).rejects.toMatchObject({ code: 'verification_closed' });
  });

  it('is refused at the very millisecond of expiry', async () => {
    const world = verificationWorld();
    const { id } = await afterTheFirstCall(world);
    world.clock.advance(600_000);
    await expect(world.service.callAgain(id)).rejects.toMatchObject({ code: 'verification_closed' });
  });

  it('is refused while no call can be placed, and the old code stays good', async () => {
    const world = verificationWorld();
    const { id, code } = await afterTheFirstCall(world);
    world.telephony.current = { ready: false, reason: 'gateway-down', detail: '' };
    await expect(world.service.callAgain(id)).rejects.toMatchObject({ code: 'telephony_unavailable' });
    expect(await world.service.check(id, code)).toMatchObject({ status: 'verified' });
  });

  it('places one call when asked twice at once', async () => {
    const world = verificationWorld();
    const { id } = await afterTheFirstCall(world);
    const asked = await Promise.allSettled([world.service.callAgain(id), world.service.callAgain(id)]);
    expect(asked).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'call_in_progress' } },
    ]);
    expect(world.telephony.calls).toHaveLength(2);
  });

  it('is not disturbed by what the older call still reports', async () => {
    const world = verificationWorld();
    const { id, call } = await afterTheFirstCall(world);
    await world.service.callAgain(id);
    call.progress('verdict');
    call.endAgain('hung-up');
    expect(await settled(world, id)).toMatchObject({ status: 'pending', call: { number: 2, state: 'queued' } });
  });

  it('fails the verification when the second call does not get through', async () => {
    const world = verificationWorld();
    const { id } = await afterTheFirstCall(world);
    await world.service.callAgain(id);
    world.telephony.last.end('no-answer');
    expect(await settled(world, id)).toMatchObject({ status: 'failed', reason: 'no-answer' });
  });
});
