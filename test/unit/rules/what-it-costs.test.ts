import { describe, expect, it } from 'vitest';
import { parseRateDeck } from '../../../server/rules/rate-deck.ts';
import type { RuleSettings } from '../../../server/rules/rule-book.ts';
import type { Verification } from '../../../server/verification/verification.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { DAY, HOUR, MINUTE, rulesWorld } from '../../support/rules-world.ts';
import { verificationWorld } from '../../support/verification-world.ts';

const DECK = parseRateDeck('prefix,price,currency\n+1,0.01,USD\n+1876,0.50,USD # Jamaica\n44,0.02,USD\n');
const LIMITED = { allowed: false, code: 'rate_limited' };

function costly(settings: Partial<RuleSettings>): Partial<RuleSettings> {
  return { countries: undefined, limits: undefined, breaker: undefined, deck: DECK, ...settings };
}

function numberIn(index: number): string {
  return `+1202${String(200 + index)}0123`;
}

describe('a rate deck', () => {
  it.each([
    ['+12025550123', 10_000],
    ['+18765550123', 500_000],
    ['+442079460000', 20_000],
  ])('has for %s the price of the longest prefix that fits', (number, micros) => {
    expect(DECK.rateOf(number)?.microsPerMinute).toBe(micros);
  });

  it.each([
    ['+1,free,USD', /^line 1/],
    ['+1,0.01,USD\n+44,0.01,EUR', /^line 2: expected USD/],
    ['+1,0.01,USD\n1,0.02,USD', /^line 2: \+1 has a price already/],
    ['+1,0.01,USD,x', /^line 1/],
    ['+1,-1,USD', /^line 1/],
    ['', /at least one price/],
  ])('cannot be %j', (csv, message) => {
    expect(() => parseRateDeck(csv)).toThrow(message);
  });

  it('keeps a number without a price from being rung', async () => {
    const { ask, refused } = await rulesWorld(costly({}));
    expect(await ask('+4930901820')).toMatchObject({ allowed: false, code: 'number_not_allowed' });
    expect(refused).toEqual(['price']);
  });
});

describe('what calls may cost', () => {
  it('is capped for a day, calls that last as long as they can included', async () => {
    // Two minutes at a cent: each may cost two.
    const { ask } = await rulesWorld(costly({ caps: { perDay: 100_000 } }));
    const decisions = await Promise.all(Array.from({ length: 20 }, async (_, index) => ask(numberIn(index))));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  it('is what a call did cost, once it is over', async () => {
    const { ask, admission } = await rulesWorld(costly({ caps: { perDay: 20_000 } }));
    await ask(numberIn(1), { callId: 'call_a' });
    expect(await ask(numberIn(2))).toMatchObject(LIMITED);
    expect(admission.ended('call_a', undefined)).toEqual({ micros: 0, currency: 'USD' });
    expect(await ask(numberIn(2))).toEqual({ allowed: true });
  });

  it('is reckoned by minutes begun', async () => {
    const { ask, admission } = await rulesWorld(costly({}));
    await ask(numberIn(1), { callId: 'call_a' });
    expect(admission.ended('call_a', MINUTE + 1)).toEqual({ micros: 20_000, currency: 'USD' });
  });

  it('is capped for each prefix on its own', async () => {
    const { ask } = await rulesWorld(costly({ caps: { perPrefixAndDay: 1_000_000 } }));
    expect(await ask('+18765550123')).toEqual({ allowed: true });
    expect(await ask('+18765550124')).toMatchObject(LIMITED);
    expect(await ask('+12025550123')).toEqual({ allowed: true });
  });

  it('is still spent after a restart, and free again after a day', async () => {
    const world = await rulesWorld(costly({ caps: { perDay: 20_000 } }));
    await world.ask(numberIn(1));
    const after = await world.restarted();
    expect(await after.ask(numberIn(2))).toMatchObject(LIMITED);
    after.clock.advance(DAY);
    expect(await after.ask(numberIn(2))).toEqual({ allowed: true });
  });

  it('stands on the record of the call, with how long it lasted', async () => {
    const rules = await rulesWorld(costly({}));
    const world = verificationWorld({ admission: rules.admission });
    const { verification } = await world.create();
    world.telephony.last.progress('answered');
    world.clock.advance(7_850);
    world.telephony.last.end('completed');
    const { call } = await world.over(verification.id);
    expect(call).toMatchObject({ answeredMs: 7_850, cost: { micros: 10_000, currency: 'USD' } });
  });
});

describe('the breaker', () => {
  const settings = { limits: undefined } as const;

  /** `failed` calls to a range and then `verified` ones. */
  async function afterCalls(failed: number, verified: number, details: Partial<Verification> = {}) {
    const world = await rulesWorld(settings);
    for (let call = 0; call < failed; call += 1) {
      world.admission.settled(over(`+120255501${String(10 + call)}`, details));
    }
    for (let call = 0; call < verified; call += 1) {
      world.admission.settled(over(`+120255501${String(50 + call)}`, { status: 'verified' }));
    }
    return world;
  }

  it('stops calls to a range of which too few are verified, and tells the operator which', async () => {
    const { ask, stopped } = await afterCalls(10, 0);
    expect(await ask('+12025550199')).toMatchObject(LIMITED);
    expect(stopped).toEqual(['+1202555']);
  });

  it('tells the operator once, and of a destination too', async () => {
    expect((await afterCalls(14, 0)).stopped).toEqual(['+1202555']);
    const world = await rulesWorld(settings);
    for (let call = 0; call < 60; call += 1) world.admission.settled(over(numberIn(call)));
    expect(world.stopped).toEqual(['+1']);
  });

  it('leaves other ranges alone', async () => {
    expect(await (await afterCalls(10, 0)).ask('+12065550199')).toEqual({ allowed: true });
  });

  it('judges nobody by fewer calls than show something', async () => {
    expect(await (await afterCalls(9, 0)).ask('+12025550199')).toEqual({ allowed: true });
  });

  it('lets calls pass of which enough are verified', async () => {
    const world = await rulesWorld(settings);
    for (let call = 0; call < 40; call += 1) {
      const status = call % 4 === 0 ? 'verified' : 'failed';
      world.admission.settled(over(`+120255501${String(10 + call)}`, { status }));
    }
    expect(await world.ask('+12025550199')).toEqual({ allowed: true });
  });

  it('is not fooled by whoever cancels what he started', async () => {
    const { ask } = await afterCalls(10, 0, { status: 'canceled', reason: 'superseded' });
    expect(await ask('+12025550199')).toMatchObject(LIMITED);
  });

  it('counts every call of a verification', async () => {
    const call = { id: 'call_5', number: 5, state: 'ended', keys: 0 } as const;
    expect(await (await afterCalls(2, 0, { call })).ask('+12025550199')).toMatchObject(LIMITED);
  });

  it('blames nobody for a trunk that is down', async () => {
    const { ask } = await afterCalls(10, 0, { status: 'failed', reason: 'trunk-unavailable' });
    expect(await ask('+12025550199')).toEqual({ allowed: true });
  });

  it('is not blind for calls that were answered before they failed: whose numbers pay for answers can spoil them', async () => {
    const call = aVerification().call;
    const spoiled = { status: 'failed', reason: 'media-failed', call: { ...call, answeredMs: 12_000 } } as const;
    const { ask } = await afterCalls(10, 0, spoiled);
    expect(await ask('+12025550199')).toMatchObject(LIMITED);
  });

  it('is not blind for the calls before the one that no trunk could place', async () => {
    const call = { ...aVerification().call, number: 3 };
    const { ask } = await afterCalls(5, 0, { status: 'failed', reason: 'trunk-unavailable', call });
    expect(await ask('+12025550199')).toMatchObject(LIMITED);
  });

  it('lets calls through again after a while, and takes a new sample', async () => {
    const world = await afterCalls(10, 0);
    world.clock.advance(HOUR);
    expect(await world.ask('+12025550199')).toEqual({ allowed: true });
    world.admission.settled(over('+12025550199'));
    expect(await world.ask('+12025550198')).toEqual({ allowed: true });
  });

  it('counts what settles while it is open to the next sample', async () => {
    const world = await afterCalls(19, 0);
    world.clock.advance(HOUR);
    expect(await world.ask('+12025550199')).toEqual({ allowed: true });
    world.admission.settled(over('+12025550199'));
    expect(await world.ask('+12025550198')).toMatchObject(LIMITED);
  });

  it('lets no more than two samples be under way while none of them has shown anything', async () => {
    const world = await rulesWorld(settings);
    for (let call = 0; call < 100; call += 1) expect(await world.ask(numberIn(call))).toEqual({ allowed: true });
    expect(await world.ask(numberIn(100))).toMatchObject({ ...LIMITED, retryAfterSeconds: 60 });
    expect(await (await world.restarted()).ask(numberIn(100))).toMatchObject(LIMITED);
    expect(await world.ask('+442079460123')).toEqual({ allowed: true });
    // As many as the share that is asked for.
    for (let call = 0; call < 21; call += 1) world.admission.settled(over(numberIn(call), { status: 'verified' }));
    expect(await world.ask(numberIn(101))).toEqual({ allowed: true });
  });

  it('waits for nothing from calls that failed by our own fault, nor for ever from any', async () => {
    const world = await rulesWorld(settings);
    for (let call = 0; call < 100; call += 1) await world.ask(numberIn(call));
    world.admission.settled(over(numberIn(1), { status: 'failed', reason: 'trunk-unavailable' }));
    expect(await world.ask(numberIn(100))).toEqual({ allowed: true });
    expect(await world.ask(numberIn(101))).toMatchObject(LIMITED);
    world.clock.advance(11 * MINUTE);
    expect(await world.ask(numberIn(102))).toEqual({ allowed: true });
  });

  it('remembers over a restart which calls failed by our own fault', async () => {
    const world = await rulesWorld(settings);
    for (let call = 0; call < 100; call += 1) await world.ask(numberIn(call));
    world.admission.settled(over(numberIn(1), { status: 'failed', reason: 'trunk-unavailable' }));
    expect(await (await world.restarted()).ask(numberIn(100))).toEqual({ allowed: true });
  });

  it('waits for nothing from a call that was not placed after all', async () => {
    const world = await rulesWorld(settings);
    for (let call = 0; call < 99; call += 1) await world.ask(numberIn(call));
    await world.admission.admit({ callId: 'call_none', relyingParty: 'shop', to: numberIn(99) });
    world.admission.withdrawn({ callId: 'call_none', relyingParty: 'shop', to: numberIn(99) });
    expect(await world.ask(numberIn(100))).toEqual({ allowed: true });
  });

  it('is still open after a restart', async () => {
    const after = await (await afterCalls(10, 0)).restarted();
    expect(await after.ask('+12025550199')).toMatchObject(LIMITED);
  });

  it('stops a whole destination when its calls are spread over many ranges', async () => {
    const world = await rulesWorld(settings);
    for (let call = 0; call < 50; call += 1) world.admission.settled(over(numberIn(call)));
    expect(await world.ask('+13125550100')).toMatchObject(LIMITED);
    expect(await world.ask('+442079460123')).toEqual({ allowed: true });
  });
});

/** A verification that is over, and by default brought nothing. */
function over(to: string, details: Partial<Verification> = {}): Verification {
  return aVerification({ to, status: 'expired', ...details });
}
