import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../server/rules/call-limits.ts';
import { aVerification } from '../../fakes/a-verification.ts';
import { MINUTE, rulesWorld } from '../../support/rules-world.ts';

const NUMBER = '+12025550123';
const AWAITED = { awaited: true } as const;
const LIMITED = { allowed: false, code: 'rate_limited' };

const caller = (number: string | undefined, isExpected = false) => ({ number, isExpected });

describe('a verification that waits for a call', () => {
  it('leaves the calls to its number as they are', async () => {
    const { ask, ring } = await rulesWorld();
    for (let times = 0; times < 9; times += 1) expect(await ask(NUMBER, AWAITED)).toEqual({ allowed: true });
    expect(await ring(NUMBER)).toEqual({ allowed: true });
  });

  it('may be of a number that is on the do-not-call list: its owner calls', async () => {
    const { ask, register } = await rulesWorld();
    await register.add(NUMBER, 'reported');
    expect(await ask(NUMBER, AWAITED)).toEqual({ allowed: true });
  });

  it('may be of a number whose calls cost more than there is', async () => {
    const { ask } = await rulesWorld({ deck: { currency: 'USD', rateOf: () => undefined } });
    expect(await ask(NUMBER, AWAITED)).toEqual({ allowed: true });
  });

  it.each([
    ['of a country that nobody named', '+4915123456789', 'country'],
    ['of a refused type', '+19002345678', 'number-type'],
  ])('is refused with a number %s', async (_, number, rule) => {
    const { ask, refused } = await rulesWorld();
    expect(await ask(number, AWAITED)).toMatchObject({ allowed: false, code: 'number_not_allowed' });
    expect(refused).toEqual([rule]);
  });

  it.each(['address', 'user'] as const)('counts against its %s, after a restart too', async (who) => {
    const world = await rulesWorld();
    const attempt = { ...AWAITED, [who]: '192.0.2.7' };
    const [first] = DEFAULT_LIMITS[who];
    for (let times = 0; times < (first?.calls ?? 0); times += 1) await world.ask(NUMBER, attempt);
    const { ask } = await world.restarted();
    expect(await ask(NUMBER, attempt)).toMatchObject(LIMITED);
  });

  it('is refused while too many wrong codes were tried for its number', async () => {
    const { ask, admission } = await rulesWorld();
    for (let times = 0; times < 5; times += 1) await admission.tried({ to: NUMBER }, false);
    expect(await ask(NUMBER, AWAITED)).toMatchObject(LIMITED);
  });

  it('says nothing of who is rung when nobody called', async () => {
    const { admission, stopped } = await rulesWorld();
    const expired = aVerification({ method: 'dial-in', status: 'expired' });
    for (let times = 0; times < 100; times += 1) admission.settled(expired);
    expect(stopped).toEqual([]);
  });
});

describe('calls that come in', () => {
  it('are answered six times in ten minutes from one number', async () => {
    const { admission, clock } = await rulesWorld();
    const answers = Array.from({ length: 7 }, () => admission.mayAnswer(caller(NUMBER, true)));
    expect(answers).toEqual([true, true, true, true, true, true, false]);
    clock.advance(10 * MINUTE);
    expect(admission.mayAnswer(caller(NUMBER, true))).toBe(true);
  });

  it('are counted together where their number is withheld', async () => {
    const { admission } = await rulesWorld();
    for (let times = 0; times < 6; times += 1) admission.mayAnswer(caller(undefined));
    expect([admission.mayAnswer(caller(undefined)), admission.mayAnswer(caller(NUMBER))]).toEqual([false, true]);
  });

  it('of strangers, however many, keep out nobody who is expected', async () => {
    const { admission } = await rulesWorld();
    const answers = Array.from({ length: 100 }, (_, index) => admission.mayAnswer(caller(`+1202555${1000 + index}`)));
    expect(answers.filter(Boolean)).toHaveLength(60);
    expect(admission.mayAnswer(caller(NUMBER, true))).toBe(true);
  });

  it('are all answered where nobody counts', async () => {
    const { admission } = await rulesWorld({ limits: undefined });
    const answers = Array.from({ length: 100 }, () => admission.mayAnswer(caller(NUMBER)));
    expect(answers.every(Boolean)).toBe(true);
  });
});
