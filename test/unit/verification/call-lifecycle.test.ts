import { describe, expect, it } from 'vitest';
import { A_NUMBER, codeOf, notThe, settled, verificationWorld } from '../../support/verification-world.ts';

describe('a keypad call', () => {
  it('verifies by the right code and is told so', async () => {
    const world = verificationWorld();
    const created = await world.create();
    expect(await world.telephony.last.key(codeOf(world, created))).toBe('verified');
    expect(await settled(world, created.verification.id)).toMatchObject({ status: 'verified' });
    // The verdict is the answer to the code; it must not be said twice.
    expect(world.telephony.last.told).toEqual(['verified']);
  });

  it('stays up after a wrong code, which costs an attempt', async () => {
    const world = verificationWorld();
    const created = await world.create();
    expect(await world.telephony.last.key(notThe(codeOf(world, created)))).toBe('wrong-code');
    expect(await settled(world, created.verification.id)).toMatchObject({ status: 'pending', attemptsLeft: 4 });
  });

  it('locks at the fifth wrong code', async () => {
    const world = verificationWorld({ policy: { wrongCodes: 2 } });
    const created = await world.create();
    await world.telephony.last.key(notThe(codeOf(world, created)));
    expect(await world.telephony.last.key(notThe(codeOf(world, created)))).toBe('locked');
  });

  it('hears that the time is up when the code comes too late', async () => {
    const world = verificationWorld();
    const created = await world.create();
    world.clock.advance(600_000);
    expect(await world.telephony.last.key(codeOf(world, created))).toBe('expired');
    expect(world.telephony.last.told).toEqual(['expired']);
  });

  it.each([
    'busy',
    'no-answer',
    'rejected',
    'unreachable',
    'hung-up',
    'no-input',
    'wrong-code',
    'media-failed',
  ] as const)('that ends as %s fails the verification for that reason', async (outcome) => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.telephony.last.end(outcome, { sipStatus: 486 });
    expect(await settled(world, verification.id)).toMatchObject({
      status: 'failed',
      reason: outcome,
      call: { state: 'ended', outcome, sipStatus: 486 },
    });
  });

  it('that claims to be complete without a code has failed all the same', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.telephony.last.end('completed');
    expect(await settled(world, verification.id)).toMatchObject({ status: 'failed', reason: 'no-input' });
  });

  it('that ends after it verified changes nothing but the call', async () => {
    const world = verificationWorld();
    const created = await world.create();
    await world.telephony.last.key(codeOf(world, created));
    world.telephony.last.end('completed', { codeDelivered: true });
    const ended = await settled(world, created.verification.id);
    expect(ended).toMatchObject({ status: 'verified', call: { state: 'ended', outcome: 'completed' } });
    expect(ended).not.toHaveProperty('reason');
  });

  it('has it on record that its keys came as only a machine presses them, before it is verified', async () => {
    const world = verificationWorld();
    const created = await world.create();
    expect(await world.telephony.last.key(codeOf(world, created), 'machine-regular')).toBe('verified');
    expect(await world.over(created.verification.id)).toMatchObject({
      status: 'verified',
      call: { keyTiming: 'machine-regular' },
    });
  });

  it('has it on record also when no code came of them', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.telephony.last.end('wrong-code', { keyTiming: 'machine-regular' });
    expect(await settled(world, verification.id)).toMatchObject({
      reason: 'wrong-code',
      call: { keyTiming: 'machine-regular' },
    });
  });

  it('has nothing on record of keys that came as anybody presses them', async () => {
    const world = verificationWorld();
    const created = await world.create();
    await world.telephony.last.key(codeOf(world, created));
    expect((await settled(world, created.verification.id)).call).not.toHaveProperty('keyTiming');
  });

  it('cannot end before the code that was keyed is compared', async () => {
    const world = verificationWorld();
    const created = await world.create();
    const verdict = world.telephony.last.key(codeOf(world, created));
    world.telephony.last.end('hung-up', { codeDelivered: true });
    expect(await verdict).toBe('verified');
    expect(await settled(world, created.verification.id)).toMatchObject({ status: 'verified' });
  });

  it('has the trunk that is tried on its record, and then the one that carried it', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.telephony.last.progress('dialing', { trunk: 'london' });
    expect(await settled(world, verification.id)).toMatchObject({ call: { state: 'dialing', trunk: 'london' } });
    world.telephony.last.progress('dialing', { trunk: 'paris' });
    world.telephony.last.progress('ringing');
    expect(await settled(world, verification.id)).toMatchObject({ call: { state: 'ringing', trunk: 'paris' } });
    world.telephony.last.end('busy', { trunk: 'paris' });
    expect(await settled(world, verification.id)).toMatchObject({ call: { outcome: 'busy', trunk: 'paris' } });
  });

  it('is asked about, and placed, with the only trunk that it may take', async () => {
    const world = verificationWorld();
    await world.create({ trunk: 'london' });
    expect(world.telephony.routes).toEqual([{ to: A_NUMBER, trunk: 'london' }]);
    expect(world.telephony.last.request.trunk).toBe('london');
  });

  it('takes no code after its end', async () => {
    const world = verificationWorld();
    const created = await world.create();
    world.telephony.last.end('hung-up');
    expect(await world.telephony.last.key(codeOf(world, created))).toBe('failed');
    expect(await settled(world, created.verification.id)).toMatchObject({ status: 'failed', reason: 'hung-up' });
  });
});

describe('a spoken call', () => {
  it('that spoke the code leaves the verification open for typing', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    world.telephony.last.end('completed', { codeDelivered: true });
    expect(await settled(world, created.verification.id)).toMatchObject({ status: 'pending' });
    expect(await world.service.check(created.verification.id, codeOf(world, created))).toMatchObject({
      status: 'verified',
    });
  });

  it('that the phone holder ended after hearing the code leaves the verification open', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ method: 'spoken' });
    world.telephony.last.end('hung-up', { codeDelivered: true });
    expect(await settled(world, verification.id)).toMatchObject({ status: 'pending', call: { outcome: 'hung-up' } });
  });

  it('that did not speak the code to its end fails the verification', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ method: 'spoken' });
    world.telephony.last.end('hung-up');
    expect(await settled(world, verification.id)).toMatchObject({ status: 'failed', reason: 'hung-up' });
  });

  it('verifies nothing by keys: the code came from this very phone', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    expect(await world.telephony.last.key(codeOf(world, created))).toBe('wrong-code');
    expect(await settled(world, created.verification.id)).toMatchObject({ status: 'pending', attemptsLeft: 5 });
  });
});

describe('the progress of a call', () => {
  it('is told step by step, in the order of the revisions', async () => {
    const world = verificationWorld();
    const created = await world.create();
    const call = world.telephony.last;
    call.progress('dialing');
    call.progress('ringing');
    call.progress('answered');
    call.progress('gate');
    call.progress('collecting', 0);
    call.progress('collecting', 1);
    await call.key(codeOf(world, created));
    call.progress('verdict');
    call.end('completed', { codeDelivered: true });
    await settled(world, created.verification.id);

    expect(world.changes.map(({ call: { state, keys }, status }) => `${state} ${keys} ${status}`)).toEqual([
      'queued 0 pending',
      'dialing 0 pending',
      'ringing 0 pending',
      'answered 0 pending',
      'gate 0 pending',
      'collecting 0 pending',
      'collecting 1 pending',
      'collecting 1 verified',
      'verdict 1 verified',
      'ended 1 verified',
    ]);
    expect(world.changes.map(({ revision }) => revision)).toEqual(world.changes.map((_, index) => index));
  });

  it('may skip states', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.telephony.last.progress('collecting', 2);
    expect(await settled(world, verification.id)).toMatchObject({ call: { state: 'collecting', keys: 2 } });
  });

  it('never goes back', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    world.telephony.last.progress('answered');
    world.telephony.last.progress('ringing', 3);
    expect(await settled(world, verification.id)).toMatchObject({ call: { state: 'answered', keys: 0 } });
    expect(world.changes).toHaveLength(2);
  });

  it('is ignored after the end, and so is a second end', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    const call = world.telephony.last;
    call.end('busy');
    call.progress('answered');
    call.endAgain('completed');
    expect(await settled(world, verification.id)).toMatchObject({ reason: 'busy', call: { outcome: 'busy' } });
    expect(world.changes).toHaveLength(2);
  });

  it('is told although a listener throws', async () => {
    const world = verificationWorld({
      onChange: () => {
        throw new Error('listener');
      },
    });
    const { verification } = await world.create();
    world.telephony.last.progress('ringing');
    expect(await settled(world, verification.id)).toMatchObject({ call: { state: 'ringing' } });
    expect(world.errors).toHaveLength(2);
  });
});

describe('a canceled verification', () => {
  it('hangs up its call', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    expect(await world.service.cancel(verification.id)).toMatchObject({ status: 'canceled' });
    expect(world.telephony.last.hungUp).toBe(true);
    expect(await settled(world, verification.id)).toMatchObject({ call: { state: 'ended', outcome: 'canceled' } });
  });

  it('cannot be canceled again', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    await world.service.cancel(verification.id);
    await expect(world.service.cancel(verification.id)).rejects.toMatchObject({ code: 'verification_closed' });
  });
});
