import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey } from '../../../server/rules/address-key.ts';
import { DEFAULT_LIMITS, readWindows, type CallLimits } from '../../../server/rules/call-limits.ts';
import { DAY, HOUR, MINUTE, rulesWorld, toldOf } from '../../support/rules-world.ts';

const NUMBER = '+12025550123';
const LIMITED = { allowed: false, code: 'rate_limited' };

/** Limits that are in nobody's way, but for those that the test is about. */
function only(limits: Partial<CallLimits>): CallLimits {
  const none = { number: [], user: [], address: [], range: [], gateway: [], caller: [] };
  return { ...none, concurrent: 1_000, delays: [], ...limits };
}

/** Another number each time, in another range. */
function numberIn(index: number): string {
  return `+1202${String(200 + index)}0123`;
}

describe('calls to one number', () => {
  it.each([
    [3, 10 * MINUTE],
    [5, HOUR],
    [10, DAY],
  ])('are at most %i in %i ms, however they are spread', async (most, span) => {
    const spreads = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { minLength: 20, maxLength: 60 });
    const holds = fc.assert(
      fc.asyncProperty(spreads, async (pauses) => {
        const { ring, clock } = await rulesWorld({ breaker: undefined });
        const rung: number[] = [];
        for (const pause of pauses) {
          clock.advance(pause);
          if ((await ring(NUMBER)).allowed) rung.push(clock.now());
        }
        return rung.every((at) => rung.filter((each) => each > at - span && each <= at).length <= most);
      }),
      { numRuns: 30 },
    );
    await expect(holds).resolves.toBeUndefined();
  });

  it('wait longer after each one', async () => {
    const { ring, clock } = await rulesWorld({ limits: only({ delays: DEFAULT_LIMITS.delays }) });
    await ring(NUMBER);
    clock.advance(29_999);
    expect(await ring(NUMBER)).toMatchObject(LIMITED);
    clock.advance(1);
    expect(await ring(NUMBER)).toEqual({ allowed: true });
    clock.advance(59_999);
    expect(await ring(NUMBER)).toMatchObject(LIMITED);
    clock.advance(1);
    expect(await ring(NUMBER)).toEqual({ allowed: true });
  });

  it('are one at a time, whoever asks', async () => {
    const { ask, admission } = await rulesWorld({ limits: only({}) });
    await ask(NUMBER, { callId: 'call_first' });
    expect(await ask(NUMBER, { relyingParty: 'bank' })).toMatchObject(LIMITED);
    admission.ended('call_first', undefined);
    expect(await ask(NUMBER, { relyingParty: 'bank' })).toEqual({ allowed: true });
  });

  it('may take the place of the one that is hung up for it, and count all the same', async () => {
    const { ask, clock, refused } = await rulesWorld();
    await ask(NUMBER, { callId: 'call_old' });
    expect(await ask(NUMBER, { replaces: 'call_old' })).toMatchObject(LIMITED);
    expect(refused).toEqual(['growing-delay']);
    clock.advance(30_000);
    expect(await ask(NUMBER, { replaces: 'call_old' })).toEqual({ allowed: true });
  });

  it('are counted before anyone else is asked about: a hundred at once are one', async () => {
    const { ask } = await rulesWorld();
    const decisions = await Promise.all(Array.from({ length: 100 }, async () => ask(NUMBER)));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(1);
  });

  it('are still counted after a restart', async () => {
    const world = await rulesWorld({ limits: only({ number: [{ calls: 3, seconds: 600 }] }) });
    for (let call = 0; call < 3; call += 1) await world.ring(NUMBER);
    const after = await world.restarted();
    expect(await after.ring(NUMBER)).toMatchObject(LIMITED);
    after.clock.advance(10 * MINUTE);
    expect(await after.ring(NUMBER)).toEqual({ allowed: true });
  });

  it('of a process that was killed are over', async () => {
    const world = await rulesWorld({ limits: only({}) });
    await world.ask(NUMBER);
    expect(await (await world.restarted()).ask(NUMBER)).toEqual({ allowed: true });
  });

  it('that are refused cost nothing', async () => {
    const { ring, clock } = await rulesWorld({ limits: only({ number: [{ calls: 1, seconds: 600 }] }) });
    await ring(NUMBER);
    for (let call = 0; call < 50; call += 1) {
      clock.advance(10_000);
      await ring(NUMBER);
    }
    clock.advance(100_000);
    expect(await ring(NUMBER)).toEqual({ allowed: true });
  });
});

describe('calls from one visitor address', () => {
  const address = only({ address: DEFAULT_LIMITS.address });

  it('are ten in an hour, to whatever numbers', async () => {
    const { ring, clock } = await rulesWorld({ limits: address, breaker: undefined });
    let rung = 0;
    for (let index = 0; index < 40; index += 1) {
      if ((await ring(numberIn(index), { address: '192.0.2.1' })).allowed) rung += 1;
      clock.advance(MINUTE);
    }
    expect(rung).toBe(10);
  });

  it('do not count against another address', async () => {
    const { ring } = await rulesWorld({ limits: address, breaker: undefined });
    for (let index = 0; index < 10; index += 1) await ring(numberIn(index), { address: '192.0.2.1' });
    expect(await ring(numberIn(11), { address: '192.0.2.2' })).toEqual({ allowed: true });
  });

  it('count for the whole /64 of IPv6', async () => {
    const { ring } = await rulesWorld({ limits: address, breaker: undefined });
    let rung = 0;
    for (let index = 0; index < 40; index += 1) {
      if ((await ring(numberIn(index), { address: `2001:db8:1:2::${index.toString(16)}` })).allowed) rung += 1;
    }
    expect(rung).toBe(6);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
  ])('%s is counted as %s', (written, key) => {
    expect(addressKey(written)).toBe(key);
  });
});

describe('calls', () => {
  it('to numbers that differ in the last four digits are counted together', async () => {
    const limits = only({ range: [{ calls: 15, seconds: 600 }] });
    const { ring, refused } = await rulesWorld({ limits, breaker: undefined });
    let rung = 0;
    for (let index = 0; index < 40; index += 1) {
      if ((await ring(`+120255501${String(10 + index)}`)).allowed) rung += 1;
    }
    expect(rung).toBe(15);
    expect(new Set(refused)).toEqual(new Set(['range-calls']));
  });

  describe('of a relying party that the operator has given a limit', () => {
    const limited = {
      limits: undefined,
      breaker: undefined,
      partyLimits: (party: string) => (party === 'shop' ? [{ calls: 3, seconds: 3_600 }] : []),
    };

    it('are counted alone, also where nobody counts anything else, and after a restart', async () => {
      const { ring, restarted } = await rulesWorld(limited);
      for (let index = 0; index < 3; index += 1) await ring(numberIn(index));
      expect(await ring(numberIn(3))).toMatchObject({ ...LIMITED, retryAfterSeconds: 3_600 });
      expect(await ring(numberIn(3), { relyingParty: 'bank' })).toEqual({ allowed: true });
      expect(await (await restarted()).ring(numberIn(4))).toMatchObject(LIMITED);
    });

    it('are no more when a hundred are asked for at once', async () => {
      const { ring } = await rulesWorld(limited);
      const answers = await Promise.all(Array.from({ length: 100 }, async (_, index) => ring(numberIn(index))));
      expect(answers.filter(({ allowed }) => allowed)).toHaveLength(3);
    });

    it('count too where the person calls', async () => {
      const { ring } = await rulesWorld(limited);
      for (let index = 0; index < 3; index += 1) await ring(numberIn(index), { awaited: true });
      expect(await ring(numberIn(3))).toMatchObject(LIMITED);
    });
  });

  it("for one user of a relying party are counted, and another's are not", async () => {
    const limits = only({ user: [{ calls: 2, seconds: 600 }] });
    const { ring } = await rulesWorld({ limits });
    await ring(numberIn(1), { user: 'hash-of-ann' });
    await ring(numberIn(2), { user: 'hash-of-ann' });
    expect(await ring(numberIn(3), { user: 'hash-of-ann' })).toMatchObject(LIMITED);
    expect(await ring(numberIn(3), { user: 'hash-of-bob' })).toEqual({ allowed: true });
  });

  it('of the whole gateway are counted', async () => {
    const { ring } = await rulesWorld({ limits: only({ gateway: [{ calls: 5, seconds: 60 }] }) });
    for (let index = 0; index < 5; index += 1) await ring(numberIn(index));
    expect(await ring(numberIn(6))).toMatchObject({ ...LIMITED, retryAfterSeconds: 60 });
  });

  it('at the same time are limited, and one that ends makes room', async () => {
    const { ask, admission } = await rulesWorld({ limits: only({ concurrent: 2 }) });
    await ask(numberIn(1), { callId: 'call_a' });
    await ask(numberIn(2));
    expect(await ask(numberIn(3))).toMatchObject(LIMITED);
    admission.ended('call_a', 1_000);
    expect(await ask(numberIn(3))).toEqual({ allowed: true });
  });

  it('are not counted at all where the limits are off', async () => {
    const { ask } = await rulesWorld({ limits: undefined, breaker: undefined });
    const decisions = await Promise.all(Array.from({ length: 50 }, async () => ask(NUMBER)));
    expect(decisions.every(({ allowed }) => allowed)).toBe(true);
  });

  it('leave no number and no address in what is remembered of them', async () => {
    const { ring, ledger } = await rulesWorld();
    await ring(NUMBER, { address: '192.0.2.77' });
    const kept = JSON.stringify(await ledger.read());
    expect(kept).not.toMatch(/5550123|202555|192\.0\.2/);
  });
});

describe('a refusal', () => {
  it('says the same whichever rule it was', async () => {
    const byNumber = await rulesWorld({ limits: only({ number: [{ calls: 1, seconds: 60 }] }) });
    await byNumber.ring(NUMBER);
    const byGateway = await rulesWorld({ limits: only({ gateway: [{ calls: 1, seconds: 60 }] }) });
    await byGateway.ring(NUMBER);
    expect(toldOf(await byNumber.ring(NUMBER))).toEqual(toldOf(await byGateway.ring(NUMBER)));
  });

  it('does not tell to the second when somebody else was called', async () => {
    const waits = new Set<number | undefined>();
    for (let pause = 0; pause < 30_000; pause += 1_000) {
      const { ring, clock } = await rulesWorld();
      await ring(NUMBER);
      clock.advance(pause);
      const decision = await ring(NUMBER);
      waits.add(decision.allowed ? undefined : decision.retryAfterSeconds);
    }
    expect(waits).toEqual(new Set([10, 30]));
  });
});

describe('the windows of a setting', () => {
  it('are read as calls in a time', () => {
    expect(readWindows('3/10m, 5/1h 10/1d')).toEqual([
      { calls: 3, seconds: 600 },
      { calls: 5, seconds: 3_600 },
      { calls: 10, seconds: 86_400 },
    ]);
  });

  it.each(['', '3', '3/', '0/1h', '3/2d', '3/10x', '-1/1h', 'x/1h'])('cannot be %j', (text) => {
    expect(readWindows(text)).toBeUndefined();
  });
});
