import { describe, expect, it } from 'vitest';
import { VerificationError } from '../../../server/verification/errors.ts';
import type { InsertResult } from '../../../server/verification/ports.ts';
import { MemoryStore } from '../../../server/storage/memory-store.ts';
import { A_NUMBER, ANOTHER_NUMBER, codeOf, settled, verificationWorld } from '../../support/verification-world.ts';

/** A store in which every code is in use for a while, or for ever. */
class CrowdedStore extends MemoryStore {
  #refusals: number;

  constructor(refusals: number) {
    super();
    this.#refusals = refusals;
  }

  override async insert(verification: Parameters<MemoryStore['insert']>[0]): Promise<InsertResult> {
    this.#refusals -= 1;
    return this.#refusals >= 0 ? 'code-taken' : super.insert(verification);
  }
}

function refuseNumber(): never {
  throw new VerificationError('invalid_number', 'no number', { field: '/to' });
}

describe('a new verification', () => {
  it('is pending, has an unguessable id and lives ten minutes', async () => {
    const world = verificationWorld();
    const { verification } = await world.create();
    expect(verification).toMatchObject({ status: 'pending', attemptsLeft: 5, to: A_NUMBER });
    expect(verification.id).toMatch(/^ver_[\w-]{22}$/);
    expect(verification.expiresAt - verification.createdAt).toBe(600_000);
  });

  it('never lives longer than ten minutes, whatever the policy says', async () => {
    const world = verificationWorld({ policy: { codeTtl: 86_400_000 } });
    const { verification } = await world.create();
    expect(verification.expiresAt - verification.createdAt).toBe(600_000);
  });

  it('rings the number', async () => {
    const world = verificationWorld();
    const { verification } = await world.create({ locale: 'zh' });
    expect(world.telephony.calls.map(({ request }) => request)).toEqual([
      { id: verification.call.id, to: A_NUMBER, method: 'keypad', locale: 'zh', codeLength: 6, gateDigits: 1 },
    ]);
  });

  it('shows a keypad code to its maker and does not give it to the voice server', async () => {
    const world = verificationWorld();
    const { code } = await world.create({ method: 'keypad' });
    expect(code).toMatch(/^\d{6}$/);
    expect(world.telephony.last.request).not.toHaveProperty('code');
  });

  it('gives a spoken code to the voice server and does not show it', async () => {
    const world = verificationWorld();
    const created = await world.create({ method: 'spoken' });
    expect(created).not.toHaveProperty('code');
    expect(world.telephony.last.request.code).toMatch(/^\d{6}$/);
  });

  it('has codes of the length that the policy says', async () => {
    const world = verificationWorld({ policy: { codeLength: 8 } });
    expect((await world.create()).code).toMatch(/^\d{8}$/);
  });

  it('is stored without its code and without its token', async () => {
    const world = verificationWorld();
    const { verification, code, token } = await world.create({ idempotencyKey: 'my-key' });
    const stored = JSON.stringify(await world.store.find(verification.id));
    for (const secret of [code ?? '', token, 'my-key']) expect(stored).not.toContain(secret);
  });

  it('is opened by its own token only', async () => {
    const world = verificationWorld();
    const one = await world.create();
    const other = await world.create({ to: ANOTHER_NUMBER });
    expect(world.service.opens(one.token, one.verification)).toBe(true);
    expect(world.service.opens(other.token, one.verification)).toBe(false);
    expect(world.service.opens('', one.verification)).toBe(false);
  });

  it('draws another code when the first one is in use', async () => {
    const world = verificationWorld({ store: new CrowdedStore(5) });
    expect((await world.create()).verification.status).toBe('pending');
    expect(world.telephony.calls).toHaveLength(1);
  });

  it('is refused when no code is free, and rings nobody', async () => {
    const world = verificationWorld({ store: new CrowdedStore(Infinity) });
    await expect(world.create()).rejects.toMatchObject({ code: 'codes_exhausted' });
    expect(world.telephony.calls).toEqual([]);
  });

  it('finds the codes that are free among many in use', async () => {
    const world = verificationWorld({ policy: { codeLength: 1 } });
    const codes = new Set<string | undefined>();
    for (let n = 0; n < 8; n += 1) codes.add((await world.create({ to: `+1202555010${n}` })).code);
    expect(codes.size).toBe(8);
  });

  it('is refused while no call can be placed, and nothing is stored', async () => {
    const world = verificationWorld();
    const older = await world.create();
    world.telephony.current = { ready: false, reason: 'trunk-refused', detail: '403 from sip.carrier.example' };

    await expect(world.create()).rejects.toMatchObject({
      code: 'telephony_unavailable',
      message: 'No call can be placed at the moment (trunk-refused)',
      retryAfterSeconds: expect.any(Number),
    });
    expect(await world.store.pending()).toEqual([older.verification]);
  });

  it('is refused for a number that the plan refuses', async () => {
    const world = verificationWorld({ numbers: { read: refuseNumber, normalise: refuseNumber } });
    await expect(world.create()).rejects.toMatchObject({ code: 'invalid_number', field: '/to' });
  });

  it('fails when the voice server cannot even try', async () => {
    const world = verificationWorld();
    world.telephony.place = () => {
      throw new Error('no');
    };
    const { verification } = await world.create();
    expect(await settled(world, verification.id)).toMatchObject({ status: 'failed', reason: 'trunk-unavailable' });
    expect(world.errors).toHaveLength(1);
  });
});

describe('a newer verification of the same number', () => {
  it('supersedes the older one and hangs up its call', async () => {
    const world = verificationWorld();
    const older = await world.create();
    const newer = await world.create();

    expect(await settled(world, older.verification.id)).toMatchObject({
      status: 'canceled',
      reason: 'superseded',
      call: { state: 'ended', outcome: 'canceled' },
    });
    expect(world.telephony.calls[0]).toMatchObject({ hungUp: true });
    expect(await world.service.get(newer.verification.id)).toMatchObject({ status: 'pending' });
  });

  it('does not touch that of another relying party', async () => {
    const world = verificationWorld();
    const older = await world.create();
    await world.create({ relyingParty: 'bank' });
    expect(await world.service.get(older.verification.id)).toMatchObject({ status: 'pending' });
  });

  it('leaves one that is pending when many come together', async () => {
    const world = verificationWorld();
    const made = await Promise.all(Array.from({ length: 20 }, async () => world.create()));
    const pending = await world.store.pending();
    expect(pending.map(({ id }) => id)).toEqual([made.at(-1)?.verification.id]);
    expect(world.telephony.calls.filter(({ hungUp }) => !hungUp)).toHaveLength(1);
  });
});

describe('an idempotency key', () => {
  it('brings the same verification, token and code again, and no second call', async () => {
    const world = verificationWorld();
    const first = await world.create({ idempotencyKey: 'k', metadata: { a: '1', b: '2' } });
    const again = await world.create({ idempotencyKey: 'k', metadata: { b: '2', a: '1' } });
    expect(again).toEqual(first);
    expect(world.telephony.calls).toHaveLength(1);
  });

  it('places one call when two creations come together', async () => {
    const world = verificationWorld();
    const [one, other] = await Promise.all([
      world.create({ idempotencyKey: 'k' }),
      world.create({ idempotencyKey: 'k' }),
    ]);
    expect(one).toEqual(other);
    expect(world.telephony.calls).toHaveLength(1);
  });

  it('shows the verification as it stands by now, without the code when that is over', async () => {
    const world = verificationWorld();
    const first = await world.create({ idempotencyKey: 'k' });
    await world.telephony.last.key(codeOf(world, first));
    const again = await world.create({ idempotencyKey: 'k' });
    expect(again).toMatchObject({ token: first.token, verification: { status: 'verified' } });
    expect(again).not.toHaveProperty('code');
  });

  it.each([
    ['number', { to: ANOTHER_NUMBER }],
    ['method', { method: 'spoken' }],
    ['locale', { locale: 'zh' }],
    ['metadata', { metadata: { a: '1' } }],
    ['user', { user: 'another' }],
  ] as const)('is refused for another %s', async (_, change) => {
    const world = verificationWorld();
    await world.create({ idempotencyKey: 'k' });
    await expect(world.create({ idempotencyKey: 'k', ...change })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('is one relying party’s own', async () => {
    const world = verificationWorld();
    const one = await world.create({ idempotencyKey: 'k' });
    const other = await world.create({ idempotencyKey: 'k', relyingParty: 'bank', to: ANOTHER_NUMBER });
    expect(other.verification.id).not.toBe(one.verification.id);
  });

  it('still works while no call can be placed', async () => {
    const world = verificationWorld();
    const first = await world.create({ idempotencyKey: 'k' });
    world.telephony.current = { ready: false, reason: 'gateway-down', detail: '' };
    expect(await world.create({ idempotencyKey: 'k' })).toEqual(first);
  });
});
