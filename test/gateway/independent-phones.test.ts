import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { decodeG711 } from '../../sip-gateway/media/g711.ts';
import { describeWith } from '../support/needs.ts';
import { dtmfPcap } from './phone/dtmf-pcap.ts';
import { World } from './world.ts';

const isRoot = process.getuid?.() === 0;

/**
 * SIPp answers. It keys what its scenario says, so the gate is off, and it is plugged in once the page has shown the
 * code: until then Kamailio repeats the INVITE (RFC 3261 §17.1.1.2).
 */
describeWith(['kamailio', 'rtpengine', 'sipp'], 'a verification with SIPp as the phone', () => {
  let world: World;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringproof-sipp-keys-'));
    world = await World.start({ env: { RINGPROOF_GATE: 'off' } });
  });

  afterAll(async () => {
    await world?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(({ task }) => {
    world.explain(task);
  });

  it.concurrent('is verified by a code keyed by INFO', async () => {
    const { number, ...ports } = world.bed.newLine();
    const created = await world.product.create(number, 'keypad');
    const sipp = await world.bed.newSipp({
      ...ports,
      steps: [
        { type: 'ring' },
        { type: 'answer' },
        { type: 'listen', ms: 800 },
        { type: 'key-by-info', digits: created.code ?? '' },
        { type: 'wait-for-bye' },
      ],
    });
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    expect(end).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });
  });

  it.runIf(isRoot)('is verified by a code keyed by RFC 4733 (SIPp plays it from a raw socket: root only)', async () => {
    const { number, ...ports } = world.bed.newLine();
    const created = await world.product.create(number, 'keypad');
    const pcap = join(folder, 'code.pcap');
    await writeFile(pcap, dtmfPcap(created.code ?? '', 101));
    const sipp = await world.bed.newSipp({
      ...ports,
      steps: [
        { type: 'ring' },
        { type: 'answer' },
        { type: 'listen', ms: 800 },
        { type: 'play', pcap },
        { type: 'wait-for-bye' },
      ],
    });
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    await sipp.done();
    expect(end).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });
  });
});

describeWith(['kamailio', 'rtpengine', 'baresip'], 'a verification with baresip as the phone', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ env: { RINGPROOF_GATE: 'off' } });
  });

  afterAll(async () => {
    await world?.stop();
  });

  afterEach(({ task }) => {
    world.explain(task);
  });

  it.concurrent('is verified by its keys, and its recording holds the verdict sample by sample', async () => {
    const line = world.bed.newLine();
    const baresip = await world.bed.newBaresip(line);
    const created = await world.product.create(line.number, 'keypad');
    await world.product.until(created.id, (view) => view.call.state === 'collecting');
    for (const digit of created.code ?? '') await baresip.key(digit);
    const end = (await world.product.toTheEnd(created.id)).at(-1);
    await baresip.hungUp();
    expect(end).toMatchObject({ status: 'verified', call: { outcome: 'completed' } });

    const pack = world.pack();
    const verdict = pack.frames('verdict-verified', 'PCMU').flatMap((frame) => Array.from(decodeG711(frame, 'PCMU')));
    expect(contains(await baresip.recording(), Int16Array.from(verdict))).toBe(true);
  });
});

/** baresip's own table decodes the smallest µ-law step to 2 where others have 0. */
const DECODER_DIFFERENCE = 2;

function contains(recording: Int16Array, wanted: Int16Array): boolean {
  for (let from = 0; from + wanted.length <= recording.length; from++) {
    if (wanted.every((sample, at) => Math.abs(sample - (recording[from + at] ?? 0)) <= DECODER_DIFFERENCE)) return true;
  }
  return false;
}
