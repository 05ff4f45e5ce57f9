import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../server/verification/caller.ts';
import { createNumberPlan } from '../../../server/verification/phone-number.ts';
import type { Admission, IncomingDecision } from '../../../server/verification/ports.ts';
import type { DialInOptions, IncomingResult } from '../../../server/verification/service.ts';
import {
  A_NUMBER,
  ANOTHER_NUMBER,
  DIAL_IN_NUMBER,
  notThe,
  settled,
  verificationWorld,
  type World,
  type WorldOptions,
} from '../../support/verification-world.ts';

type DialInWorldOptions = Omit<WorldOptions, 'dialIn'> & { readonly dialIn?: Partial<DialInOptions> };

interface DialInWorld extends World {
  readonly results: IncomingResult[];
  /** Somebody calls from this number. */
  callFrom(number: string | undefined, caller?: Partial<Caller>): ReturnType<World['telephony']['call']>;
}

function dialInWorld(options: DialInWorldOptions = {}): DialInWorld {
  const results: IncomingResult[] = [];
  const dialIn = { onCall: (result: IncomingResult) => results.push(result), ...options.dialIn };
  const world = verificationWorld({
    numbers: createNumberPlan({ defaultCountry: 'US', sipDomains: ['pbx.example'], extensions: { min: 4, max: 4 } }),
    ...options,
    dialIn,
  });
  return {
    ...world,
    results,
    callFrom: async (number, caller = {}) =>
      world.telephony.call({ ...(number !== undefined && { presented: number }), ...caller }),
  };
}

async function waiting(world: World, overrides: Parameters<World['create']>[0] = {}) {
  const created = await world.create({ method: 'dial-in', ...overrides });
  const { code = '' } = created;
  return { created, code, id: created.verification.id };
}

const said = (decision: IncomingDecision): string | undefined => (decision.take ? decision.call.words : undefined);

describe('a dial-in verification', () => {
  it('shows a code and the number to call, and rings nobody', async () => {
    const world = dialInWorld();
    const { created } = await waiting(world);
    expect(created).toMatchObject({
      code: expect.stringMatching(/^\d{6}$/),
      verification: { dialIn: DIAL_IN_NUMBER, call: { state: 'queued', number: 1 }, terms: { gateDigits: 0 } },
    });
    expect(world.telephony.calls).toHaveLength(0);
  });

  it('is refused where nobody can call in', async () => {
    const { service } = verificationWorld({ dialIn: 'off' });
    const request = { relyingParty: 'shop', to: A_NUMBER, method: 'dial-in', locale: 'en' } as const;
    await expect(service.create(request)).rejects.toMatchObject({ code: 'unknown_method', field: '/method' });
  });

  it('is verified by its code, keyed in a call from its number', async () => {
    const world = dialInWorld();
    const { code, id } = await waiting(world);
    const { decision, call } = await world.callFrom(A_NUMBER);
    expect(decision).toMatchObject({ take: true, call: { to: A_NUMBER, method: 'dial-in', codeLength: 6 } });
    expect(await call.key(code)).toBe('verified');
    expect(await settled(world, id)).toMatchObject({ status: 'verified', call: { number: 1, state: 'ringing' } });
    expect(world.results).toEqual(['answered']);
  });

  it.each(['2025550123', '+1 202-555-0123', '12025550123', '0012025550123'])(
    'knows its number as %s',
    async (shown) => {
      const world = dialInWorld();
      const { code } = await waiting(world);
      const { call } = await world.callFrom(shown);
      expect(await call.key(code)).toBe('verified');
    },
  );

  it('knows a foreign number that has its country but no plus', async () => {
    const world = dialInWorld();
    await waiting(world, { to: '+442079460123' });
    await world.callFrom('442079460123');
    expect(world.results).toEqual(['answered']);
  });

  it('knows whoever calls by an address', async () => {
    const world = dialInWorld();
    await waiting(world, { to: 'sip:desk@pbx.example' });
    await world.callFrom('desk', { address: 'sip:desk@pbx.example' });
    expect(world.results).toEqual(['answered']);
  });

  it('is no typed one: its code comes back on the phone alone', async () => {
    const world = dialInWorld();
    const { id, code } = await waiting(world);
    await expect(world.service.check(id, code)).rejects.toMatchObject({ code: 'code_not_typed_here' });
  });

  it('loses an attempt by each wrong code, and is locked by the fifth', async () => {
    const world = dialInWorld();
    const { id, code } = await waiting(world);
    const wrong = notThe(code);
    const { call } = await world.callFrom(A_NUMBER);
    for (let tries = 0; tries < 3; tries += 1) expect(await call.key(wrong)).toBe('wrong-code');
    call.end('wrong-code', { codeDelivered: true });
    expect(await settled(world, id)).toMatchObject({ status: 'pending', attemptsLeft: 2 });
    const { call: second } = await world.callFrom(A_NUMBER);
    expect([await second.key(wrong), await second.key(wrong)]).toEqual(['wrong-code', 'locked']);
    expect(await settled(world, id)).toMatchObject({ status: 'locked', call: { number: 2 } });
  });

  it('waits on when the caller hangs up, and takes the next call with the same code', async () => {
    const world = dialInWorld();
    const { id, code } = await waiting(world);
    const { call } = await world.callFrom(A_NUMBER);
    call.progress('collecting', 2);
    call.end('hung-up');
    expect(await settled(world, id)).toMatchObject({ status: 'pending', call: { state: 'ended', outcome: 'hung-up' } });
    const { call: second } = await world.callFrom(A_NUMBER);
    expect(await second.key(code)).toBe('verified');
  });

  it('gives a fresh code on request, while nobody is calling', async () => {
    const world = dialInWorld();
    const { id, code } = await waiting(world);
    const again = await world.service.callAgain(id);
    expect(again).toMatchObject({ verification: { call: { number: 2, state: 'queued' } } });
    expect(again.code).not.toBe(code);
    const { call } = await world.callFrom(A_NUMBER);
    await expect(world.service.callAgain(id)).rejects.toMatchObject({ code: 'call_in_progress' });
    expect([await call.key(code), await call.key(again.code ?? '')]).toEqual(['wrong-code', 'verified']);
  });

  it('tells the caller when it is canceled meanwhile', async () => {
    const world = dialInWorld();
    const { id } = await waiting(world);
    const { call } = await world.callFrom(A_NUMBER);
    await world.service.cancel(id);
    expect(call.hungUp).toBe(true);
  });

  it.each([
    ['expired', 'no-input', async (world: World) => world.clock.advance(600_000)],
    ['canceled', 'canceled', async (world: World, id: string) => world.service.cancel(id)],
  ] as const)('that is %s without a call has none under way', async (status, outcome, end) => {
    const world = dialInWorld();
    const { id } = await waiting(world);
    await end(world, id);
    expect(await world.service.get(id)).toMatchObject({ status, call: { state: 'ended', outcome } });
    expect(await world.store.inCall()).toEqual([]);
  });

  it('outlives a restart while it waits, and loses no more than the call that was up', async () => {
    const world = dialInWorld();
    const { id } = await waiting(world);
    await world.service.recover();
    expect(await world.service.get(id)).toMatchObject({ status: 'pending', call: { state: 'queued' } });
    await world.callFrom(A_NUMBER);
    await world.service.recover();
    expect(await world.service.get(id)).toMatchObject({
      status: 'pending',
      call: { state: 'ended', outcome: 'trunk-unavailable' },
    });
  });

  it('supersedes another relying party’s of the same number: a call says only who calls', async () => {
    const world = dialInWorld();
    const shop = await waiting(world);
    const bank = await waiting(world, { relyingParty: 'bank' });
    expect(await world.service.get(shop.id)).toMatchObject({ status: 'canceled', reason: 'superseded' });
    const { call } = await world.callFrom(A_NUMBER);
    expect(await call.key(bank.code)).toBe('verified');
  });
});

const VOUCHED = { source: 'asserted', validation: 'passed', attestation: 'A' } as const;

function reportable() {
  const listed: string[] = [];
  const doNotCall = { add: async (number: string) => void listed.push(number) };
  return { ...dialInWorld({ policy: { reportKey: '9' }, doNotCall }), listed };
}

describe('a caller who was told by somebody else to call', () => {
  it('has a key to say so', async () => {
    const world = reportable();
    await waiting(world);
    expect((await world.callFrom(A_NUMBER)).decision).toMatchObject({ take: true, call: { reportKey: '9' } });
  });

  it('ends the verification with it, and is told of no list: anyone can write a number into a call', async () => {
    const world = reportable();
    const { id } = await waiting(world);
    const { call } = await world.callFrom(A_NUMBER, { evidence: { ...VOUCHED, attestation: 'B' } });
    expect(await call.report()).toBe(false);
    expect(await settled(world, id)).toMatchObject({ status: 'failed', reason: 'reported' });
    expect(world.listed).toEqual([]);
  });

  it('is not called again where the carrier vouches for the number', async () => {
    const world = reportable();
    const { id } = await waiting(world);
    const { call } = await world.callFrom(A_NUMBER, { evidence: VOUCHED });
    expect(await call.report()).toBe(true);
    expect(await settled(world, id)).toMatchObject({ status: 'failed', reason: 'reported' });
    expect(world.listed).toEqual([A_NUMBER]);
  });

  it('has none where no verification waits', async () => {
    const world = reportable();
    const { decision } = await world.callFrom(ANOTHER_NUMBER);
    expect(decision.take && decision.call).not.toHaveProperty('reportKey');
  });
});

describe('a call that comes in', () => {
  it.each([
    ['a number that nobody waits for', ANOTHER_NUMBER, ['unknown-caller', 'unknown']],
    ['a number that is withheld', undefined, ['withheld-caller', 'withheld']],
    ['what is no number', 'asterisk', ['withheld-caller', 'withheld']],
  ])('from %s is told so', async (_, number, expected) => {
    const world = dialInWorld();
    await waiting(world);
    const { decision } = await world.callFrom(number);
    expect([world.results.at(-1), said(decision)]).toEqual(expected);
  });

  it('is told in its language that the code is not valid any more', async () => {
    const world = dialInWorld();
    await waiting(world, { locale: 'zh' });
    world.clock.advance(600_000);
    const { decision } = await world.callFrom(A_NUMBER);
    expect(decision).toMatchObject({ take: true, call: { words: 'no-code', locale: 'zh' } });
    expect(world.results).toEqual(['no-live-code']);
  });

  it('hears busy while another one of its number is up', async () => {
    const world = dialInWorld();
    await waiting(world);
    await world.callFrom(A_NUMBER);
    const { decision } = await world.callFrom(A_NUMBER);
    expect(decision).toEqual({ take: false, status: 486 });
    expect(world.results).toEqual(['answered', 'busy']);
  });

  it('is declined when its network found the number to be false, and the record says so', async () => {
    const world = dialInWorld();
    const { id } = await waiting(world);
    const evidence = { source: 'asserted', validation: 'failed', claimed: 'A' } as const;
    const { decision } = await world.callFrom(A_NUMBER, { evidence });
    expect(decision).toEqual({ take: false, status: 603 });
    expect(await world.service.get(id)).toMatchObject({
      status: 'pending',
      call: { state: 'ended', outcome: 'rejected', caller: evidence },
    });
  });

  it.each([
    ['ignore', 'failed', 'answered'],
    ['require-passed', 'none', 'caller-not-valid'],
    ['require-passed', 'passed', 'answered'],
    ['refuse-failed', 'none', 'answered'],
  ] as const)('under the policy %s, with a number that %s: %s', async (policy, validation, result) => {
    const world = dialInWorld({ dialIn: { validation: policy } });
    await waiting(world);
    await world.callFrom(A_NUMBER, { evidence: { source: 'asserted', validation } });
    expect(world.results.at(-1)).toBe(result);
  });

  it('hears busy when the rules say that it comes too often', async () => {
    const asked: unknown[] = [];
    const admission: Admission = {
      ...ALLOWED,
      mayAnswer: (caller) => {
        asked.push(caller);
        return false;
      },
    };
    const world = dialInWorld({ admission });
    await waiting(world);
    expect((await world.callFrom(A_NUMBER)).decision).toEqual({ take: false, status: 486 });
    await world.callFrom(undefined);
    expect(asked).toEqual([
      { number: A_NUMBER, isExpected: true },
      { number: undefined, isExpected: false },
    ]);
    expect(world.results).toEqual(['too-many', 'too-many']);
  });

  it('cannot try a code where the rules allow no more for its number', async () => {
    const admission: Admission = {
      ...ALLOWED,
      mayTry: async () => ({ allowed: false, code: 'rate_limited', words: 'too many' }),
    };
    const world = dialInWorld({ admission });
    const { id, code } = await waiting(world);
    const { call } = await world.callFrom(A_NUMBER);
    expect(await call.key(code)).toBe('locked');
    expect(await world.service.get(id)).toMatchObject({ status: 'pending', attemptsLeft: 5 });
  });
});

const ALLOWED: Admission = {
  admit: async () => ({ allowed: true }),
  mayAnswer: () => true,
  ended: () => undefined,
  withdrawn: () => {},
  settled: () => {},
  mayTry: async () => ({ allowed: true }),
  tried: async () => {},
};
