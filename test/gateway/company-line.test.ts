import { expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { CalledPerson } from './called-person.ts';
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

describeWith(['kamailio', 'rtpengine'], 'a company line behind Kamailio and rtpengine', () => {
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

  it('fails as hung-up where the switchboard knows no such extension and hangs up', async (context) => {
    const world = await World.of(context);
    const { call, keyed, end } = await ringCompany(world, '999#', true);
    expect(keyed).toBe('999#');
    await call.hangUp();
    expect(await end()).toMatchObject({ status: 'failed', reason: 'hung-up' });
  }, 90_000);
});
