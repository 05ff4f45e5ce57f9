import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/needs.ts';
import { Sipp } from './bed/sipp.ts';
import { TestBed } from './bed/test-bed.ts';
import { dtmfPcap } from './phone/dtmf-pcap.ts';
import { Product } from './product.ts';

/**
 * SIPp answers. It keys what its scenario says, so the gate is off, and it is plugged in once the page has shown the
 * code: until then Kamailio repeats the INVITE (RFC 3261 §17.1.1.2).
 */
describeWith(['kamailio', 'rtpengine', 'sipp'], 'a verification with SIPp as the phone', () => {
  let bed: TestBed;
  let product: Product;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringproof-sipp-keys-'));
    bed = await TestBed.start();
    product = await Product.start(bed, { RINGPROOF_GATE: 'off' });
  });

  afterAll(async () => {
    await product?.stop();
    await bed?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${bed.logs}\n--- ringproof\n${product.logs}\n`);
  });

  it('is verified by a code keyed by INFO', async () => {
    const { number, port } = bed.newLine();
    const created = await product.create(number, 'keypad');
    const sipp = await Sipp.start({
      port,
      steps: [
        { type: 'ring' },
        { type: 'answer' },
        { type: 'pause', ms: 800 },
        { type: 'key-by-info', digits: created.code ?? '' },
        { type: 'wait-for-bye' },
      ],
    });
    const end = (await product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    await sipp.stop();
    expect(end).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });
  });

  it('is verified by a code keyed by RFC 4733', async () => {
    const { number, port } = bed.newLine();
    const created = await product.create(number, 'keypad');
    const pcap = join(folder, 'code.pcap');
    await writeFile(pcap, dtmfPcap(created.code ?? '', 101));
    const sipp = await Sipp.start({
      port,
      mediaPort: bed.ports.phoneMedia.from,
      steps: [
        { type: 'ring' },
        { type: 'answer' },
        { type: 'pause', ms: 800 },
        { type: 'play', pcap, ms: 2_000 },
        { type: 'wait-for-bye' },
      ],
    });
    const end = (await product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    await sipp.stop();
    expect(end).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });
  });
});
