import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { PromptName } from '../../sip-gateway/prompts/prompt-name.ts';
import { describeWith } from '../support/needs.ts';
import { DIAL_IN_NUMBER } from './bed/kamailio.ts';
import type { SippStep } from './bed/sipp-scenario.ts';
import { RtpLine } from './phone/rtp-line.ts';
import { listenFor } from './phone/transcript.ts';
import { World } from './world.ts';

/** Long enough for the question; a key that comes while it is said counts. Milliseconds. */
const A_MOMENT = 1_500;
/** The greeting, the question and what is said of a wrong code, milliseconds. */
const UNTIL_ASKED_AGAIN = 6_000;

interface Caller {
  /** The line that it calls from: with no other port does the network take it for that line. */
  readonly port: number;
  readonly mediaPort: number;
  readonly from: string;
  readonly headers?: readonly string[];
}

/** SIPp calls, keys by INFO what its script says, and is there to the end of the call; gives what it heard. */
async function callIn(world: World, caller: Caller, steps: readonly SippStep[] = []): Promise<readonly PromptName[]> {
  const ear = await RtpLine.open();
  try {
    const heard: PromptName[] = [];
    ear.onPacket = listenFor(world.pack(), (prompt) => heard.push(prompt));
    const { port, mediaPort, from, headers = [] } = caller;
    const call = { type: 'call', to: DIAL_IN_NUMBER, from, headers, mediaPort: ear.port } as const;
    const sipp = await world.bed.newSipp({
      port,
      mediaPort,
      proxyPort: world.bed.ports.sip,
      steps: [call, { type: 'wait-for-answer' }, ...steps, { type: 'wait-for-bye' }],
    });
    await sipp.done();
    return heard;
  } finally {
    ear.close();
  }
}

const keying = (digits: string, after = A_MOMENT): readonly SippStep[] => [
  { type: 'listen', ms: after },
  { type: 'key-by-info', digits },
];
const fromOf = (number: string): string => `<sip:${number}@phone.example>`;

/** Another code of the same length; its last digit is never 9, which is the report key. */
function notQuite(code: string): string {
  return code.replace(/\d$/, (last) => String((Number(last) + 1) % 9));
}

describeWith(
  ['kamailio', 'rtpengine', 'sipp', 'baresip'],
  'a phone that calls in through Kamailio and rtpengine',
  () => {
    let world: World;

    beforeAll(async () => {
      world = await World.start({ env: { RINGPROOF_DIAL_IN_NUMBER: DIAL_IN_NUMBER } });
    });

    afterAll(async () => world?.stop());

    afterEach(({ task }) => {
      world.explain(task);
    });

    it.concurrent('may be baresip, which keys by RFC 4733', async () => {
      const { number, ...ports } = world.bed.newLine();
      const baresip = await world.bed.newBaresip({ number, ...ports });
      const { id, code = '' } = await world.product.create(number, 'dial-in');
      await baresip.dial(`sip:${DIAL_IN_NUMBER}@127.0.0.1:${world.bed.ports.sip}`);
      await world.product.until(id, (view) => view.call.state === 'collecting');
      for (const digit of code) await baresip.key(digit);
      expect((await world.product.toTheEnd(id)).at(-1)).toMatchObject({ status: 'verified' });
    });

    it.concurrent('verifies its number with the code that the page shows', async () => {
      const { number, ...ports } = world.bed.newLine();
      const { id, code = '', dialIn } = await world.product.create(number, 'dial-in');
      expect(dialIn).toEqual({ number: DIAL_IN_NUMBER });
      const heard = await callIn(world, { ...ports, from: fromOf(number) }, keying(code));
      expect(heard.slice(-2)).toEqual(['verdict-verified', 'goodbye']);
      expect(await world.product.view(id)).toMatchObject({
        status: 'verified',
        call: { outcome: 'completed', caller: { source: 'asserted' } },
      });
    });

    it.concurrent('is told that its code is wrong, and may try again', async () => {
      const { number, ...ports } = world.bed.newLine();
      const { id, code = '' } = await world.product.create(number, 'dial-in');
      const steps = [...keying(notQuite(code)), ...keying(code, UNTIL_ASKED_AGAIN)];
      const heard = await callIn(world, { ...ports, from: fromOf(number) }, steps);
      expect(heard.slice(-3)).toEqual(['keypad-wrong', 'verdict-verified', 'goodbye']);
      expect(await world.product.view(id)).toMatchObject({ status: 'verified', attemptsLeft: 4 });
    });

    it.concurrent.each<[string, (number: string) => Pick<Caller, 'from' | 'headers'>]>([
      ['asks for privacy', (number) => ({ from: fromOf(number), headers: ['Privacy: id'] })],
      ['calls as anonymous', () => ({ from: '"Anonymous" <sip:anonymous@anonymous.invalid>' })],
    ])('is told that its number is hidden when it %s, whatever the network knows', async (_, from) => {
      const { number, ...ports } = world.bed.newLine();
      const { id } = await world.product.create(number, 'dial-in');
      const heard = await callIn(world, { ...ports, ...from(number) });
      expect(heard.slice(-2)).toEqual(['dial-in-withheld', 'goodbye']);
      expect(await world.product.view(id)).toMatchObject({ status: 'pending', call: { state: 'queued' } });
    });

    it.concurrent('is told that nobody waits for its number', async () => {
      const { number, ...ports } = world.bed.newLine();
      const heard = await callIn(world, { ...ports, from: fromOf(number) });
      expect(heard.slice(-2)).toEqual(['dial-in-unknown', 'goodbye']);
    });

    it.concurrent('is known by its line, whichever number it writes', async () => {
      const { number: another } = world.bed.newLine();
      const { number, ...ports } = world.bed.newLine();
      const itsOwn = await world.product.create(number, 'dial-in');
      const other = await world.product.create(another, 'dial-in');
      const from = `<sip:${another};verstat=TN-Validation-Passed-A@phone.example>`;
      const headers = [`P-Asserted-Identity: ${from}`];
      await callIn(world, { ...ports, from, headers }, keying(itsOwn.code ?? ''));
      expect(await world.product.view(other.id)).toMatchObject({ status: 'pending', call: { state: 'queued' } });
      const { status, call } = await world.product.view(itsOwn.id);
      expect([status, call.caller]).toEqual(['verified', { source: 'asserted' }]);
    });

    it.concurrent('is the number that a trusted carrier asserts, with what it found of it', async () => {
      const { number } = world.bed.newLine();
      const { id, code = '' } = await world.product.create(number, 'dial-in');
      const asserted = `P-Asserted-Identity: <sip:${number};verstat=TN-Validation-Passed-A@carrier.example;user=phone>`;
      const carrier = { port: world.bed.crowdPort, mediaPort: world.bed.crowdMediaPort, headers: [asserted] };
      await callIn(world, { ...carrier, from: fromOf('12025550198') }, keying(code));
      expect(await world.product.view(id)).toMatchObject({
        status: 'verified',
        call: { caller: { source: 'asserted', validation: 'passed', attestation: 'A' } },
      });
    });

    it.concurrent('reaches no other number of ours', async () => {
      const { number, ...ports } = world.bed.newLine();
      const call = {
        type: 'call',
        to: world.bed.account.user,
        from: fromOf(number),
        mediaPort: ports.mediaPort,
      } as const;
      const steps = [call, { type: 'wait-for-refusal', status: 404 }] as const;
      const sipp = await world.bed.newSipp({ ...ports, proxyPort: world.bed.ports.sip, steps });
      await expect(sipp.done()).resolves.toBeUndefined();
    });
  },
);
