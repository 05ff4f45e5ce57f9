import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { OutcomeName } from '../../server/http/contract.ts';
import { describeWith } from '../support/needs.ts';
import { World } from './world.ts';

const REFUSALS: readonly (readonly [status: number, reason: string, outcome: OutcomeName])[] = [
  [486, 'Busy Here', 'busy'],
  [600, 'Busy Everywhere', 'busy'],
  [603, 'Decline', 'rejected'],
  [404, 'Not Found', 'invalid-number'],
  [484, 'Address Incomplete', 'invalid-number'],
  [480, 'Temporarily Unavailable', 'no-answer'],
  [503, 'Service Unavailable', 'trunk-unavailable'],
];

describeWith(['kamailio', 'rtpengine', 'sipp'], 'a call that is not answered, or not for long', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ env: { RINGPROOF_RING_TIMEOUT: '5s' } });
  });
  afterEach(({ task }) => world.explain(task));
  afterAll(async () => world?.stop());

  it.concurrent.each(REFUSALS)(
    '%i %s of the phone ends the verification as failed, %s',
    async (status, reason, outcome) => {
      const { number, ...ports } = world.bed.newLine();
      const sipp = await world.bed.newSipp({ ...ports, steps: [{ type: 'ring' }, { type: 'refuse', status, reason }] });
      const created = await world.product.create(number, 'keypad');
      const end = (await world.product.toTheEnd(created.id)).at(-1);
      await sipp.done();
      expect(end).toMatchObject({ status: 'failed', reason: outcome, call: { state: 'ended', outcome } });
    },
  );

  it.concurrent('a number that the trunk does not know is an invalid number', async () => {
    const created = await world.product.create('+12024561111', 'keypad');
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    expect(end).toMatchObject({ status: 'failed', reason: 'invalid-number' });
  });

  it.concurrent('nobody picks up: the ringing is canceled after the ring time, no answer', async () => {
    const { number, ...ports } = world.bed.newLine();
    const sipp = await world.bed.newSipp({ ...ports, steps: [{ type: 'ring-until-canceled' }] });
    const created = await world.product.create(number, 'spoken');
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    expect(end).toMatchObject({ status: 'failed', reason: 'no-answer', call: { outcome: 'no-answer' } });
  });

  it.concurrent('a verification canceled on the page stops the ringing of the phone', async () => {
    const { number, ...ports } = world.bed.newLine();
    const sipp = await world.bed.newSipp({ ...ports, steps: [{ type: 'ring-until-canceled' }] });
    const created = await world.product.create(number, 'keypad');
    await world.product.until(created.id, (view) => view.call.state === 'ringing');
    await world.product.cancel(created.id);
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    expect(end).toMatchObject({ status: 'canceled', call: { state: 'ended', outcome: 'canceled' } });
  });

  it.concurrent('a phone that answers while its call is being canceled hears no more than the end of it', async () => {
    const { number, phone } = await world.bed.newPhone();
    const created = await world.product.create(number, 'keypad');
    const call = await phone.nextCall();
    call.ring();
    await world.product.until(created.id, (view) => view.call.state === 'ringing');
    const canceled = world.product.cancel(created.id);
    await call.answer();
    await canceled;
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    await call.ended;
    expect(end).toMatchObject({ status: 'canceled', call: { outcome: 'canceled' } });
  });

  it.concurrent('a phone that hangs up at once ends the verification as failed, hung up', async () => {
    const { number, ...ports } = world.bed.newLine();
    const sipp = await world.bed.newSipp({
      ...ports,
      steps: [{ type: 'ring' }, { type: 'answer' }, { type: 'listen', ms: 50 }, { type: 'hang-up' }],
    });
    const created = await world.product.create(number, 'spoken');
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    expect(end).toMatchObject({ status: 'failed', reason: 'hung-up', call: { outcome: 'hung-up' } });
  });

  it.concurrent('a phone that hangs up before the code was said has not been told it', async () => {
    const { person, end } = await world.call('spoken');
    await person.passesTheGate('info');
    await person.hears('code-intro');
    await person.call.hangUp();
    expect(await end()).toMatchObject({ status: 'failed', reason: 'hung-up' });
  });

  it.concurrent(
    'a phone that hangs up once it knows the code leaves the page its time to type it',
    async () => {
      const { created, person } = await world.call('spoken');
      await person.passesTheGate('info');
      const code = await person.hearsDigitsAfter('code-intro', 6);
      await person.hears('code-repeat');
      await person.call.hangUp();
      const ended = await world.product.until(created.id, (view) => view.call.state === 'ended');
      expect(ended.status).toBe('pending');
      expect(await world.product.check(created.id, code)).toMatchObject({ status: 'verified' });
    },
    60_000,
  );

  it.concurrent('a person who never passes the gate hears no code', async () => {
    const { person, end } = await world.call('spoken');
    for (const asking of [1, 2, 3]) {
      const said = await person.hearsDigitsAfter('gate-ask', asking);
      await person.keys(anotherThan(said.at(-1)), 'info');
    }
    await person.call.ended;
    expect(await end()).toMatchObject({ status: 'failed', reason: 'wrong-code' });
    expect(person.heard).not.toContain('code-intro');
  });

  it.concurrent('a wrong code on the phone costs an attempt and brings another try', async () => {
    const { created, person, end } = await world.call('keypad');
    await person.passesTheGate('telephone-event');
    await person.hears('keypad-ask');
    const code = created.code ?? '';
    await person.keys(code.slice(0, -1) + anotherThan(code.at(-1)), 'info');
    await person.hears('keypad-wrong');
    await person.keys(code, 'info');
    expect(await end()).toMatchObject({ status: 'verified', attemptsLeft: 4 });
  });
});

/** Never 9: at the gate that is the report key. */
function anotherThan(digit: string | undefined): string {
  return String((Number(digit) + 1) % 9);
}
