import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { extensionParts, isExtension } from '../../../server/verification/extension.ts';
import { MINUTE, rulesWorld } from '../../support/rules-world.ts';
import { notThe, verificationWorld } from '../../support/verification-world.ts';

describe('an extension', () => {
  it.each(['204', ',,1w204#', '*9A', 'w'.repeat(31) + '1'])('may be %s', (text) => {
    expect(isExtension(text)).toBe(true);
  });

  it.each([
    ['', 'empty'],
    [',,w', 'without a key'],
    ['1 204', 'with a space'],
    ['ext204', 'with other letters'],
    ['1'.repeat(33), 'too long'],
    [`${','.repeat(11)}1`, 'with 22 s of pauses'],
  ])('is not %j (%s)', (text) => {
    expect(isExtension(text)).toBe(false);
  });

  it('is keyed a second after the answer, a comma as two seconds and a w as half a second', () => {
    expect(extensionParts(',1w#', 3_000)).toEqual([
      { pause: 1_000 },
      { pause: 2_000 },
      { key: '1' },
      { pause: 500 },
      { key: '#' },
      { pause: 3_000 },
    ]);
  });

  it('goes with every call of its verification', async () => {
    const world = verificationWorld({ policy: { extensionWait: 500 } });
    const { verification } = await world.create({ extension: '204' });
    expect(verification.extension).toBe('204');
    expect(world.telephony.last.request.extension).toEqual(extensionParts('204', 500));
  });

  it('is a destination of its own: colleagues on one line do not end each other', async () => {
    const world = verificationWorld();
    const first = await world.create({ extension: '204' });
    await world.create({ extension: '205' });
    await world.create();
    expect(world.telephony.calls.map(({ hungUp }) => hungUp)).toEqual([false, false, false]);
    await world.create({ extension: ',,204' });
    expect(await world.service.get(first.verification.id)).toMatchObject({ reason: 'superseded' });
    expect(world.telephony.calls.map(({ hungUp }) => hungUp)).toEqual([true, false, false, false]);
  });

  it('is no way around the rules: its line takes one call at a time, and all calls to it are counted', async () => {
    const rules = await rulesWorld();
    const world = verificationWorld({ admission: rules.admission, clock: rules.clock });
    const first = await world.create({ extension: '204' });
    await expect(world.create({ extension: '205' })).rejects.toMatchObject({ code: 'rate_limited' });
    expect(rules.refused).toEqual(['one-call']);
    expect(world.telephony.last.hungUp).toBe(false);
    world.telephony.last.end('no-input');
    await world.over(first.verification.id);
    for (const extension of ['205', '206']) {
      world.clock.advance(2 * MINUTE);
      await world.create({ extension });
      world.telephony.last.end('no-input');
      await setImmediate();
    }
    world.clock.advance(2 * MINUTE);
    await expect(world.create({ extension: '207' })).rejects.toMatchObject({ code: 'rate_limited' });
    expect(rules.refused).toEqual(['one-call', 'number-calls']);
  });

  it('brings no guesses of its own: wrong codes are counted for the line', async () => {
    const rules = await rulesWorld();
    const world = verificationWorld({ admission: rules.admission, clock: rules.clock });
    const { verification, code = '' } = await world.create({ extension: '204' });
    for (let guess = 0; guess < 5; guess += 1) await world.telephony.last.key(notThe(code));
    expect(await world.service.get(verification.id)).toMatchObject({ status: 'locked' });
    world.telephony.last.end('wrong-code');
    await expect(world.create({ extension: '205' })).rejects.toMatchObject({ code: 'rate_limited' });
    expect(rules.refused).toEqual(['wrong-codes']);
  });

  it('makes another request of the same idempotency key', async () => {
    const world = verificationWorld();
    await world.create({ extension: '204', idempotencyKey: 'k' });
    await expect(world.create({ extension: '205', idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });
});
