import { describe, expect, it } from 'vitest';
import { extensionParts, isExtension } from '../../../server/verification/extension.ts';
import { verificationWorld } from '../../support/verification-world.ts';

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

  it('makes another request of the same idempotency key', async () => {
    const world = verificationWorld();
    await world.create({ extension: '204', idempotencyKey: 'k' });
    await expect(world.create({ extension: '205', idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });
});
