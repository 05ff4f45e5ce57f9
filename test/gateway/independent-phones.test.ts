import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { decodeG711 } from '../../sip-gateway/media/g711.ts';
import { loadPromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { describeWith } from '../support/needs.ts';
import { Baresip } from './bed/baresip.ts';
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

  it.concurrent('is verified by a code keyed by INFO', async () => {
    const { number, ...ports } = bed.newLine();
    const created = await product.create(number, 'keypad');
    const sipp = await Sipp.start({
      ...ports,
      steps: [
        { type: 'ring' },
        { type: 'answer' },
        { type: 'listen', ms: 800 },
        { type: 'key-by-info', digits: created.code ?? '' },
        { type: 'wait-for-bye' },
      ],
    });
    const end = (await product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    await sipp.stop();
    expect(end).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });
  });

  it.concurrent('is verified by a code keyed by RFC 4733', async () => {
    const { number, ...ports } = bed.newLine();
    const created = await product.create(number, 'keypad');
    const pcap = join(folder, 'code.pcap');
    await writeFile(pcap, dtmfPcap(created.code ?? '', 101));
    const sipp = await Sipp.start({
      ...ports,
      steps: [
        { type: 'ring' },
        { type: 'answer' },
        { type: 'listen', ms: 800 },
        { type: 'play', pcap },
        { type: 'wait-for-bye' },
      ],
    });
    const end = (await product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    await sipp.stop();
    expect(end).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });
  });
});

describeWith(['kamailio', 'rtpengine', 'baresip'], 'a verification with baresip as the phone', () => {
  let bed: TestBed;
  let product: Product;
  let baresip: Baresip | undefined;

  beforeAll(async () => {
    bed = await TestBed.start();
    product = await Product.start(bed, { RINGPROOF_GATE: 'off' });
  });

  afterAll(async () => {
    await baresip?.stop();
    await product?.stop();
    await bed?.stop();
  });

  afterEach(({ task }) => {
    if (task.result?.state === 'fail') {
      process.stderr.write(`${bed.logs}\n--- baresip\n${baresip?.output}\n--- ringproof\n${product.logs}\n`);
    }
  });

  it.concurrent('is verified by its keys, and its recording holds the verdict sample by sample', async () => {
    const line = bed.newLine();
    baresip = await Baresip.start({ ...line, controlPort: bed.ports.control });
    const created = await product.create(line.number, 'keypad');
    await product.until(created.id, (view) => view.call.state === 'collecting');
    for (const digit of created.code ?? '') await baresip.key(digit);
    const end = (await product.toTheEnd(created.id)).at(-1);
    await baresip.hungUp();
    expect(end).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });

    const pack = (await loadPromptLibrary({ defaultLocale: 'en' })).pack('en');
    const verdict = pack.frames('verdict-verified', 'PCMU').flatMap((frame) => Array.from(decodeG711(frame, 'PCMU')));
    expect(contains(await baresip.recording(), Int16Array.from(verdict))).toBe(true);
  });
});

function contains(recording: Int16Array, wanted: Int16Array): boolean {
  const bytes = Buffer.from(wanted.buffer, wanted.byteOffset, wanted.byteLength);
  return Buffer.from(recording.buffer, recording.byteOffset, recording.byteLength).includes(bytes);
}
