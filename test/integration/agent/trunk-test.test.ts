import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import { encodeG711 } from '../../../sip-gateway/media/g711.ts';
import { createPacer } from '../../../sip-gateway/media/pacer.ts';
import { createPlayer } from '../../../sip-gateway/media/player.ts';
import { loadPromptLibrary, type PromptLibrary } from '../../../sip-gateway/prompts/prompt-library.ts';
import type { PromptPack } from '../../../sip-gateway/prompts/prompt-pack.ts';
import type { TrunkTest } from '../../../sip-gateway/trunks/trunk-test-types.ts';
import { testTrunk } from '../../../sip-gateway/trunks/trunk-test.ts';
import { TRUNK } from '../../fakes/agent-line.ts';
import { reply, SipSwitch } from '../../fakes/sip-switch.ts';
import { TestPhone, type PhoneCall } from '../../fakes/test-phone.ts';
import { TINY_LOCALE, writeTinyPrompts } from '../../fakes/tiny-prompts.ts';
import { heard, keyByInfo, keyByRtp } from '../../fakes/voice-line.ts';
import { toneOf } from '../../support/tone-line.ts';

const PACKS = join(import.meta.dirname, '../../../sip-gateway/prompts/packs');
const KEYS = '123';
const FRAMES_OF_TONE = 4;
const FRAMES_BETWEEN = 4;
const FRAME = 160;

describe('the test call of a trunk', () => {
  const engine = createDatachannelEngine();
  const pacer = createPacer();
  let folder: string;
  let library: PromptLibrary;
  let switchboard: SipSwitch;
  let phone: TestPhone;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringproof-trunk-test-'));
    await writeTinyPrompts(folder);
    library = await loadPromptLibrary({ defaultLocale: TINY_LOCALE, overrideDir: folder });
    switchboard = await SipSwitch.start();
    phone = await TestPhone.start(switchboard.url, engine);
  });

  afterAll(async () => {
    phone.close();
    pacer.close();
    engine.close();
    await switchboard.close();
    await rm(folder, { recursive: true });
  });

  async function test(pack: PromptPack, url = switchboard.url): Promise<TrunkTest> {
    return testTrunk({
      trunk: { ...TRUNK, url },
      to: '1001',
      limits: { ring: 5_000, media: 5_000 },
      engine,
      pacer,
      pack,
      now: Date.now,
      patience: { firstKey: 700, nextKey: 300 },
    });
  }

  /** What is found while the person at the phone does this once it is asked for keys. */
  async function found(person: (call: PhoneCall) => void): Promise<TrunkTest> {
    const ringing = phone.nextCall();
    const testing = test(library.pack(TINY_LOCALE));
    const call = await ringing;
    await heard(call, 'trunk-test');
    person(call);
    return testing;
  }

  /** Keys as a telephone without any signalling does. */
  function keyByTones(call: PhoneCall): void {
    const player = createPlayer(call.media, pacer);
    onTestFinished(() => player.close());
    const silence = new Uint8Array(FRAME).fill(0xff);
    const frames = Array.from(KEYS).flatMap((key) => {
      const tone = encodeG711(toneOf(key, FRAMES_OF_TONE * FRAME), 'PCMU');
      const parts = Array.from({ length: FRAMES_OF_TONE }, (_, at) => tone.subarray(at * FRAME, (at + 1) * FRAME));
      return [...parts, ...Array.from({ length: FRAMES_BETWEEN }, () => silence)];
    });
    player.play(frames, () => {});
  }

  it('finds keys that come by SIP INFO, and how the call went', async () => {
    const result = await found((call) => keyByInfo(call, KEYS));
    expect(result).toMatchObject({
      status: { ready: true },
      outcome: 'completed',
      codec: 'PCMU',
      keys: { info: KEYS, rfc4733: '', 'in-band': '' },
      infoTypes: ['application/dtmf-relay'],
      echo: false,
    });
    expect(result.answerMs).toBeGreaterThanOrEqual(result.ringingMs ?? Infinity);
    expect(result.sentPackets).toBeGreaterThan(3);
  });

  it('finds keys that come by RFC 4733 and by INFO too, whichever the trunk is set to', async () => {
    const result = await found((call) => {
      keyByRtp(call, KEYS);
      keyByInfo(call, KEYS);
    });
    expect(result.keys).toEqual({ info: KEYS, rfc4733: KEYS, 'in-band': '' });
  });

  it('finds keys that come as tones in the audio, and that there was sound', async () => {
    const result = await found(keyByTones);
    expect(result).toMatchObject({ keys: { info: '', rfc4733: '', 'in-band': KEYS }, received: { hasSound: true } });
  });

  it('finds that a mute phone sends nothing', async () => {
    const result = await found(() => {});
    expect(result).toMatchObject({
      outcome: 'completed',
      received: { packets: 0, hasSound: false },
      keys: { info: '', rfc4733: '', 'in-band': '' },
    });
  });

  it('finds its own voice when the line sends it back', async () => {
    // A recording that can be told from others: the tiny prompts are too short for that.
    await mkdir(join(folder, 'en'));
    await copyFile(join(PACKS, 'en', 'digit-7.wav'), join(folder, 'en', 'trunk-test.wav'));
    const english = await loadPromptLibrary({ defaultLocale: 'en', overrideDir: folder });
    const ringing = phone.nextCall();
    const testing = test(english.pack('en'));
    const { media } = await ringing;
    media.onPacket = (packet) => void media.send(packet);
    expect((await testing).echo).toBe(true);
  });

  it('places no call where the trunk refuses us', async () => {
    const strict = await SipSwitch.start();
    onTestFinished(async () => strict.close());
    strict.registrar = (request) => reply(request, '403 Forbidden');
    const { status } = await test(library.pack(TINY_LOCALE), strict.url);
    expect(status).toMatchObject({ reason: 'trunk-refused', detail: 'REGISTER: 403 Forbidden' });
    expect(strict.trace).not.toContain('agent>INVITE');
  });
});
