import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { CalledPerson } from './called-person.ts';
import type { PhoneCall } from './phone/phone-call.ts';
import { RtpLine } from './phone/rtp-line.ts';
import { UdpPhone } from './phone/udp-phone.ts';
import { World } from './world.ts';

const CALLS = 300;
const AT_ONCE = 20;
/** In packets: of the four that SIPp listens, what is left of a voice whose media had to be mended first. */
const ONE_SECOND = 50;
/** Of these, so many are answered by SIPp; the others by our own phone, which keys the code. */
const BY_SIPP = 100;

describeWith(['kamailio', 'rtpengine', 'sipp'], `${CALLS} calls in a row, ${AT_ONCE} at once`, () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ env: { RINGPROOF_GATE: 'off', RINGPROOF_LOG_LEVEL: 'info' } });
  });
  afterEach(({ task }) => world.explain(task));
  afterAll(async () => world?.stop());

  it(`none of ${CALLS - BY_SIPP} calls to a phone that keys the code fails, hangs or is silent`, async () => {
    const phone = await UdpPhone.open(world.bed.crowdPort);
    const rings = new Map<string, (call: PhoneCall) => void>();
    phone.onCall = (call) => rings.get(call.number)?.(call);
    const results = await inTurns(CALLS - BY_SIPP, async (index) => {
      const number = numberOf(index);
      const ring = new Promise<PhoneCall>((resolve) => rings.set(number, resolve));
      const created = await world.product.create(number, 'keypad');
      const person = await CalledPerson.pickUp(await ring, world.pack());
      await person.hearsAVoice();
      await person.keys(created.code ?? '', index % 2 === 0 ? 'info' : 'telephone-event');
      await person.hears('verdict-verified');
      const end = (await world.product.toTheEnd(created.id)).at(-1);
      await person.call.ended;
      return `${end?.status} ${end?.call.outcome}`;
    });
    await phone.close();
    expect(tally(results)).toEqual({ 'verified completed': CALLS - BY_SIPP });
  }, 200_000);

  it(`none of ${BY_SIPP} calls to SIPp fails, hangs or is silent`, async () => {
    const ear = await RtpLine.open();
    const sipp = await world.bed.newSipp({
      port: world.bed.crowdPort,
      mediaPort: world.bed.crowdMediaPort,
      calls: BY_SIPP,
      steps: [
        { type: 'ring' },
        { type: 'pause', ms: 100 },
        { type: 'answer', mediaPort: ear.port },
        { type: 'listen', ms: 4_000 },
        { type: 'hang-up' },
      ],
    });
    const results = await inTurns(BY_SIPP, async (index) => {
      const created = await world.product.create(numberOf(CALLS - BY_SIPP + index), 'spoken');
      const end = (await world.product.toTheEnd(created.id)).at(-1);
      return `${end?.status} ${end?.call.outcome}`;
    });
    await sipp.done();
    ear.close();
    const spoken = ear.received.filter(({ payload }) => payload.some((byte) => byte !== 0xff));
    const voices = tally(spoken.map(({ ssrc }) => String(ssrc)));
    expect(tally(results)).toEqual({ 'failed hung-up': BY_SIPP });
    expect(Object.keys(voices)).toHaveLength(BY_SIPP);
    expect(Math.min(...Object.values(voices))).toBeGreaterThan(ONE_SECOND);
  }, 120_000);
});

/** Numbers outside area code 202, which all ring the crowd's line. */
function numberOf(index: number): string {
  const areaCodes = ['312', '415', '617'];
  return `+1${areaCodes[Math.floor(index / 100)]}55501${String(index % 100).padStart(2, '0')}`;
}

async function inTurns<Result>(count: number, job: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results.push(await job(index));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function tally(results: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}
