import { expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { CalledPerson } from './called-person.ts';
import { InnerCall } from './phone/inner-call.ts';
import { Switchboard } from './phone/switchboard.ts';
import { World } from './world.ts';

const LONG = 90_000;
const RIGHT = '204#';
/** How long the telephone inside rings, with music on the line: our greeting is over by then. Milliseconds. */
const MUSIC = 6_000;

/** Rings the company, whose switchboard answers and takes the extension. */
async function ringCompany(world: World, extension: string, telephoneEvent: boolean) {
  const { number, phone } = await world.bed.newPhone();
  const created = await world.product.create(number, 'keypad', { extension });
  const views = world.product.toTheEnd(created.id);
  const call = await phone.nextCall();
  const switchboard = await Switchboard.answer(call, { telephoneEvent });
  return {
    created,
    call,
    line: switchboard.line,
    keyed: await switchboard.keyed,
    end: async () => (await views).at(-1),
  };
}

describeWith(['kamailio', 'rtpengine', 'baresip'], 'a company line behind Kamailio and rtpengine', () => {
  it.concurrent.each([
    ['RFC 4733', 'auto', 'telephone-event'],
    ['SIP INFO', 'info', 'info'],
  ] as const)(
    'is reached by its extension, keyed by %s, and verified by the person who comes to the phone late',
    async (_, dtmf, way) => {
      const world = await World.start({ env: { RINGPROOF_DTMF: dtmf, RINGPROOF_EXTENSION_WAIT: '0s' } });
      try {
        const { created, call, line, keyed, end } = await ringCompany(world, `w${RIGHT}`, way !== 'info');
        expect(keyed).toBe(RIGHT);
        await new Promise((resolve) => setTimeout(resolve, MUSIC));
        const person = CalledPerson.putThrough(call, line, world.pack());
        // The report key and the digit of the gate, both said after who calls.
        const digits = await person.hearsDigitsAfter('greeting', 2);
        await person.keys(digits.slice(-1), way);
        await person.hears('keypad-ask');
        await person.keys(created.code ?? '', way);
        expect(await end()).toMatchObject({ status: 'verified', extension: `w${RIGHT}` });
      } finally {
        await world.stop();
      }
    },
    LONG,
  );

  it.concurrent(
    'is verified by the person whose own telephone rings inside once the extension was keyed',
    async (context) => {
      const world = await World.of(context, { env: { RINGPROOF_GATE: 'off', RINGPROOF_EXTENSION_WAIT: '2s' } });
      const { port, mediaPort } = world.bed.newLine();
      const inside = await world.bed.newBaresip({ number: '204', port, mediaPort });
      const { created, call, line, keyed, end } = await ringCompany(world, RIGHT, true);
      expect(keyed).toBe(RIGHT);
      const inner = await InnerCall.ring('204', port, call.offer);
      context.onTestFinished(() => inner.close());
      // Somebody is there: the switchboard steps out of the way, and the two talk to each other.
      const theirs = await inner.answered;
      line.close();
      expect(await call.moveMedia(theirs)).toBe(200);
      await world.product.until(created.id, (view) => view.call.state === 'collecting');
      for (const digit of created.code ?? '') await inside.key(digit);
      expect(await end()).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });
      inner.hangUp();
    },
    LONG,
  );

  it('fails as hung-up where the switchboard knows no such extension and hangs up', async (context) => {
    const world = await World.of(context);
    const { call, keyed, end } = await ringCompany(world, '999#', true);
    expect(keyed).toBe('999#');
    await call.hangUp();
    expect(await end()).toMatchObject({ status: 'failed', reason: 'hung-up' });
  }, 90_000);
});
