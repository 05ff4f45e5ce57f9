import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VerificationError } from '../../../server/verification/errors.ts';
import { delayAfter, FREE_WRONG_CODES, MAX_WRONG_CODES } from '../../../server/rules/wrong-codes.ts';
import { DAY, HOUR, MINUTE, rulesWorld, type RulesWorld } from '../../support/rules-world.ts';
import { A_NUMBER, codeOf, notThe, verificationWorld, type World } from '../../support/verification-world.ts';

/** Twenty-four hours of nothing but guessing: the free ones, those of the growing delay, then one an hour. */
const GUESSES_A_DAY = 40;
const CODES = 10 ** 6;
/** 100 calls that nobody verifies are under way at most, then 50 in an hour; each call is good for five guesses. */
const GUESSES_A_DAY_AT_ANYONE = (100 + 24 * 50) * FREE_WRONG_CODES;
/** All the calls that the gateway carries in a day. */
const GUESSES_A_DAY_IN_THE_WORLD = 5_000 * FREE_WRONG_CODES;
/** Beginnings of ordinary numbers in countries of all the world: each is a destination of its own. */
const DESTINATIONS = ['1212', '33145', '34910', '39061', '43171', '46850', '47221', '48221', '61291', '81352'];

/** The rules with their limits, before a verification unit that shares their clock. */
async function guessingWorld() {
  const rules = await rulesWorld({ breaker: undefined });
  const world = verificationWorld({ admission: rules.admission, clock: rules.clock });
  return { ...world, rules };
}

/** Rings, has the code spoken, and hangs up: the code can be typed. */
async function spoken(world: World, relyingParty = 'shop', address = '192.0.2.1') {
  const created = await world.create({ method: 'spoken', relyingParty, address });
  const code = codeOf(world, created);
  world.telephony.last.end('completed', { codeDelivered: true });
  return { id: created.verification.id, code };
}

describe('wrong codes', () => {
  it('wait 30 s after the fifth for one number, longer after each, an hour at most', () => {
    expect([0, 4, 5, 6, 7, 11, 12, 99].map(delayAfter)).toEqual([0, 0, 30_000, 60_000, 120_000, 1_920_000, HOUR, HOUR]);
  });

  it('of one verification wait for nothing: the fifth locks', async () => {
    const world = await guessingWorld();
    const { id, code } = await spoken(world);
    for (let guess = 1; guess < FREE_WRONG_CODES; guess += 1) await world.service.check(id, notThe(code));
    expect(await world.service.check(id, notThe(code))).toMatchObject({ status: 'locked' });
  });

  it('count on in a new verification, also that of another relying party', async () => {
    const world = await guessingWorld();
    const first = await spoken(world);
    for (let guess = 0; guess < FREE_WRONG_CODES; guess += 1) await world.service.check(first.id, notThe(first.code));
    await expect(spoken(world, 'bank')).rejects.toMatchObject({ code: 'rate_limited' });
    world.clock.advance(30_000);
    const second = await spoken(world, 'bank');
    await world.service.check(second.id, notThe(second.code));
    await expect(world.service.check(second.id, second.code)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 60,
    });
  });

  it('are forgotten by a right one', async () => {
    const { admission } = await rulesWorld();
    for (let guess = 0; guess < FREE_WRONG_CODES; guess += 1) await admission.tried({ to: A_NUMBER }, false);
    expect((await admission.mayTry(A_NUMBER)).allowed).toBe(false);
    await admission.tried({ to: A_NUMBER }, true);
    expect((await admission.mayTry(A_NUMBER)).allowed).toBe(true);
  });

  it('outlive a restart, a year if need be', async () => {
    const world = await rulesWorld();
    for (let guess = 0; guess < MAX_WRONG_CODES; guess += 1) await world.admission.tried({ to: A_NUMBER }, false);
    world.clock.advance(365 * DAY);
    expect((await (await world.restarted()).admission.mayTry(A_NUMBER)).allowed).toBe(false);
  });

  it('are a hundred in a row at most, until the operator forgives them', async () => {
    const world = await rulesWorld();
    let wrong = 0;
    for (let hour = 0; hour < 500; hour += 1) {
      if ((await world.admission.mayTry(A_NUMBER)).allowed) {
        wrong += 1;
        await world.admission.tried({ to: A_NUMBER }, false);
      }
      world.clock.advance(HOUR);
    }
    expect(wrong).toBe(MAX_WRONG_CODES);
    expect(await world.ask(A_NUMBER)).toMatchObject({ code: 'rate_limited' });
    await world.register.forgive(A_NUMBER);
    expect(await world.ask(A_NUMBER)).toEqual({ allowed: true });
  });

  it('that are keyed on the phone count too', async () => {
    const world = await guessingWorld();
    const { verification, code = '' } = await world.create({ method: 'keypad' });
    for (let guess = 0; guess < FREE_WRONG_CODES; guess += 1) await world.telephony.last.key(notThe(code));
    expect(await world.service.get(verification.id)).toMatchObject({ status: 'locked' });
    expect((await world.rules.admission.mayTry(A_NUMBER)).allowed).toBe(false);
  });
});

describe('wrong codes on a company line', () => {
  const line = { to: A_NUMBER };
  const own = { to: A_NUMBER, extension: '204' };
  const colleague = { to: A_NUMBER, extension: '205' };

  /** So many wrong codes at a colleague's, with a right one at an own extension after each five. */
  async function guessing(world: RulesWorld, many: number): Promise<number> {
    let taken = 0;
    for (let guess = 1; guess <= many; guess += 1) {
      if (!(await world.admission.mayTry(A_NUMBER)).allowed) break;
      taken += 1;
      await world.admission.tried(colleague, false);
      if (guess % 5 === 0) await world.admission.tried(own, true);
    }
    return taken;
  }

  it('are a hundred at most, however often somebody verifies an extension of his own there', async () => {
    const world = await rulesWorld();
    expect(await guessing(world, 1_000)).toBe(MAX_WRONG_CODES);
    expect((await (await world.restarted()).admission.mayTry(A_NUMBER)).allowed).toBe(false);
    await world.register.forgive(A_NUMBER);
    expect((await world.admission.mayTry(A_NUMBER)).allowed).toBe(true);
  });

  it('are given back to the extension whose right code came, however its pauses are written', async () => {
    const world = await rulesWorld();
    await guessing(world, 95);
    await world.admission.tried({ ...colleague, extension: ',,2w05' }, true);
    expect(await guessing(world, 90)).toBe(90);
  });

  it('keep nobody waiting who verifies his own', async () => {
    const world = await rulesWorld();
    for (let guess = 0; guess < FREE_WRONG_CODES; guess += 1) await world.admission.tried(line, false);
    expect((await world.admission.mayTry(A_NUMBER)).allowed).toBe(false);
    await world.admission.tried(own, true);
    expect((await world.admission.mayTry(A_NUMBER)).allowed).toBe(true);
    expect((await (await world.restarted()).admission.mayTry(A_NUMBER)).allowed).toBe(true);
  });

  it('count for the extension that was asked for, typed and keyed', async () => {
    const world = await guessingWorld();
    const { verification, code = '' } = await world.create({ method: 'keypad', extension: '205' });
    await world.telephony.last.key(notThe(code));
    await world.telephony.last.key(code);
    expect(await world.service.get(verification.id)).toMatchObject({ status: 'verified' });
    const lines = await world.rules.ledger.read();
    const tried = lines.flatMap((each) => (each.type === 'wrong' || each.type === 'right' ? [each.extension] : []));
    expect(new Set(tried).size).toBe(1);
    expect(tried[0]).toMatch(/^[\w-]{22}$/);
  });
});

describe('a code', () => {
  it('verifies once when a hundred right answers come at once', async () => {
    const world = await guessingWorld();
    const { id, code } = await spoken(world);
    const answers = await Promise.allSettled(Array.from({ length: 100 }, async () => world.service.check(id, code)));
    const verified = answers.filter((answer) => answer.status === 'fulfilled');
    expect(verified).toHaveLength(1);
    const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(new Set(refusals.map(({ code: refusal }) => refusal))).toEqual(new Set(['verification_closed']));
  });

  it('takes five of a hundred guesses that come at once', async () => {
    const world = await guessingWorld();
    const { id, code } = await spoken(world);
    const wrong = Array.from({ length: 100 }, async () => world.service.check(id, notThe(code)));
    const answers = await Promise.allSettled(wrong);
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(FREE_WRONG_CODES);
    expect(await world.service.get(id)).toMatchObject({ status: 'locked', attemptsLeft: 0 });
  });

  it('takes five guesses in all when verifications of many relying parties are guessed at once', async () => {
    const rules = await rulesWorld({ limits: undefined, breaker: undefined });
    const world = verificationWorld({ admission: rules.admission });
    const open = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        world.create({ method: 'spoken', relyingParty: `party-${index}` }),
      ),
    );
    // The verifications were made while nobody counted; the guesses are counted.
    const counted = await rulesWorld();
    const guesser = verificationWorld({ admission: counted.admission, store: world.store, clock: world.clock });
    const guesses = open.flatMap(({ verification }) =>
      Array.from({ length: 5 }, async () => guesser.service.check(verification.id, '000000').catch(refusalOf)),
    );
    const taken = (await Promise.all(guesses)).filter((answer) => answer !== 'rate_limited');
    expect(taken.length).toBeLessThanOrEqual(FREE_WRONG_CODES);
  });
});

describe("an attacker's chance in a day", () => {
  it(`is at most ${GUESSES_A_DAY} guesses in ${CODES} for one number, whenever he guesses`, async () => {
    const pauses = fc.array(fc.nat({ max: HOUR }), { minLength: 100, maxLength: 400 });
    const holds = fc.assert(
      fc.asyncProperty(pauses, async (waits) => {
        const { admission, clock } = await rulesWorld();
        const guesses: number[] = [];
        for (const wait of waits) {
          clock.advance(wait);
          if (!(await admission.mayTry(A_NUMBER)).allowed) continue;
          guesses.push(clock.now());
          await admission.tried({ to: A_NUMBER }, false);
        }
        return guesses.every((at) => guesses.filter((each) => each >= at && each < at + DAY).length <= GUESSES_A_DAY);
      }),
      { numRuns: 50 },
    );
    await expect(holds).resolves.toBeUndefined();
  });

  it('stays under that when he has a new address and another relying party for every request', async () => {
    const world = await guessingWorld();
    let guesses = 0;
    let turn = 0;
    const until = world.clock.now() + DAY;
    while (world.clock.now() < until) {
      turn += 1;
      const made = await spoken(world, `party-${turn % 7}`, `198.51.100.${turn % 256}`).catch(refusalOf);
      if (typeof made !== 'string') {
        for (let guess = 0; guess < 6; guess += 1) {
          const answer = await world.service.check(made.id, notThe(made.code)).catch(refusalOf);
          if (typeof answer !== 'string') guesses += 1;
        }
      }
      world.clock.advance(MINUTE);
    }
    expect(guesses).toBeGreaterThan(0);
    expect(guesses).toBeLessThanOrEqual(GUESSES_A_DAY);
    expect(guesses / CODES).toBeLessThanOrEqual(4e-5);
  });
});

describe("an attacker's chance against any of very many numbers", () => {
  it(`is at most ${GUESSES_A_DAY_AT_ANYONE} guesses a day: each five need a call, and unverified calls stop`, async () => {
    const calls = await guessFor(24 * HOUR, { everyMinutes: 1, destinations: ['1212'] });
    expect(calls).toBeGreaterThan(0);
    expect(calls * FREE_WRONG_CODES).toBeLessThanOrEqual(GUESSES_A_DAY_AT_ANYONE);
  });

  it('is no better when he waits with his guesses until the codes are about to expire', async () => {
    const calls = await guessFor(24 * HOUR, { everyMinutes: 9, destinations: ['1212'] });
    expect(calls).toBeGreaterThan(0);
    expect(calls * FREE_WRONG_CODES).toBeLessThanOrEqual(GUESSES_A_DAY_AT_ANYONE);
  });

  it(`is at most ${GUESSES_A_DAY_IN_THE_WORLD} in three hours through all the destinations that he finds`, async () => {
    const calls = await guessFor(3 * HOUR, { everyMinutes: 9, destinations: DESTINATIONS });
    expect(calls * FREE_WRONG_CODES).toBeGreaterThan(GUESSES_A_DAY_AT_ANYONE);
    expect(calls * FREE_WRONG_CODES).toBeLessThanOrEqual(GUESSES_A_DAY_IN_THE_WORLD);
  });
});

interface Strategy {
  /** How many minutes lie between his guesses: he has calls placed all the time. */
  readonly everyMinutes: number;
  readonly destinations: readonly string[];
}

/** How many calls he gets in this time, each to another number of another range and from another address. */
async function guessFor(time: number, { everyMinutes, destinations }: Strategy): Promise<number> {
  const rules = await rulesWorld({ countries: undefined });
  const world = verificationWorld({ admission: rules.admission, clock: rules.clock });
  let calls = 0;
  const open: { readonly id: string; readonly code: string }[] = [];
  /** False when every destination has refused. */
  async function ring(): Promise<boolean> {
    for (const destination of destinations) {
      const to = `+${destination}${2_000_000 + (((calls + 1) * 10_007) % 7_000_000)}`;
      const address = `198.51.${calls % 256}.${(calls >> 8) % 256}`;
      const created = await world.create({ to, method: 'spoken', address }).catch(refusalOf);
      if (typeof created === 'string') continue;
      world.telephony.last.end('completed', { codeDelivered: true });
      open.push({ id: created.verification.id, code: codeOf(world, created) });
      calls += 1;
      return true;
    }
    return false;
  }
  for (let minute = 1; minute * MINUTE <= time; minute += 1) {
    while (await ring());
    for (const { id, code } of minute % everyMinutes === 0 ? open.splice(0) : []) {
      for (let guess = 0; guess < FREE_WRONG_CODES; guess += 1) await world.service.check(id, notThe(code));
    }
    world.clock.advance(MINUTE);
  }
  return calls;
}

function refusalOf(error: unknown): string {
  if (error instanceof VerificationError) return error.code;
  throw error;
}
