import { expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { askUdp } from './bed/ask-udp.ts';
import { TestBed } from './bed/test-bed.ts';

const PING = 'x d7:command4:pinge';

describeWith(['kamailio', 'rtpengine'], 'the test bed', () => {
  it('runs beside another one, on ports of its own', async () => {
    const beds = await Promise.all([TestBed.start(), TestBed.start()]);
    const answers = await Promise.all(beds.map(async ({ ports }) => askUdp(ports.ng, PING)));
    const addresses = beds.map(({ kamailio }) => kamailio.url);
    await Promise.all(beds.map(async (bed) => bed.stop()));
    expect(answers.every((answer) => answer?.includes('pong') === true)).toBe(true);
    expect(new Set(addresses).size).toBe(2);
  });

  it('leaves nothing behind that answers', async () => {
    const bed = await TestBed.start();
    await bed.stop();
    expect(await askUdp(bed.ports.ng, PING)).toBeUndefined();
  });
});
