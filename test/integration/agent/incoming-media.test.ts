import { describe, expect, it, onTestFinished } from 'vitest';
import type { IncomingCall } from '../../../sip-gateway/agent/incoming-call.ts';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import { CallMedia } from '../../../sip-gateway/sip/call-media.ts';
import { answer, openLine, untilIdle, type Line, type LineOptions } from '../../fakes/agent-line.ts';
import { breakingEngine, type Break } from '../../fakes/breaking-engine.ts';
import { RawCaller } from '../../fakes/raw-caller.ts';
import { flows } from '../../support/flows.ts';
import { until } from '../../support/until.ts';

const AGENT = 'sip:agent@example.test';

async function open(options?: LineOptions): Promise<Line> {
  const line = await openLine({ takesCalls: true, ...options });
  onTestFinished(() => line.close());
  return line;
}

/** The phone has called and was answered; media flow, mended where the engine breaks. */
async function anAnsweredCall(options?: LineOptions) {
  const line = await open(options);
  const phone = line.phone.call(AGENT);
  const call = await cameIn(line);
  const watched = answer(call);
  await watched.up;
  return { line, phone, call, ...watched };
}

async function cameIn({ incoming }: Line): Promise<IncomingCall> {
  await until(() => incoming.length > 0);
  const [call] = incoming;
  if (!call) throw new Error('nobody called');
  return call;
}

describe('media of a call that came in', () => {
  it.each<[string, Break[]]>([
    ['a peer that fails', ['fails after the answer']],
    ['two peers that fail, of our answer and of our offer', ['fails after the answer', 'throws on the answer']],
  ])('are mended after %s, by a re-INVITE to the caller', async (_, breaks) => {
    const mends = breaks.length;
    const engine = breakingEngine(createDatachannelEngine(), breaks);
    const { line, phone, call, seen } = await anAnsweredCall({ engine });
    expect(line.switchboard.trace.filter((entry) => entry === 'agent>INVITE').length).toBeGreaterThanOrEqual(mends);
    expect(await flows(call.media, phone.packets)).toBe(true);
    call.hangUp('completed');
    await untilIdle(line);
    expect(seen).toEqual(['answered', 'media', 'ended completed']);
  });

  it('that never connect end the call as media-failed when their time is over', async () => {
    const engine = breakingEngine(createDatachannelEngine(), ['never connects']);
    const line = await open({ engine, limits: { ring: 5_000, media: 200 } });
    const phone = line.phone.call(AGENT);
    const { ended, seen } = answer(await cameIn(line));
    expect((await ended).outcome).toBe('media-failed');
    expect(seen).toEqual(['answered', 'ended media-failed']);
    await until(() => phone.ended);
  });

  it('go on when the caller negotiates the session anew as it is', async () => {
    const { line, phone, call } = await anAnsweredCall();
    await new Promise<void>((resolve) => {
      until(() => phone.session.renegotiate({}, resolve)).catch(() => {});
    });
    expect(line.switchboard.trace.filter((entry) => entry === '1001>INVITE')).toHaveLength(2);
    expect(await flows(call.media, phone.packets)).toBe(true);
  });

  it('follow the caller to a new place', async () => {
    const { phone, call, seen } = await anAnsweredCall();
    await until(() => phone.media.state === 'connected');
    phone.media.renew();
    await until(() => phone.session.renegotiate());
    await until(() => phone.media.state === 'connected' && call.media.state === 'connected');
    expect(await flows(call.media, phone.packets)).toBe(true);
    expect(seen).toEqual(['answered', 'media']);
  });

  it('are offered by us where the caller offers none, and flow by the answer in its ACK', async () => {
    const line = await open();
    const engine = createDatachannelEngine();
    const media = new CallMedia({ engine, codecs: ['PCMU'], dtlsSetup: 'active', address: '127.0.0.1' });
    onTestFinished(() => {
      media.close();
      engine.close();
    });
    const packets: Uint8Array[] = [];
    media.onPacket = (packet) => packets.push(packet);
    const caller = await RawCaller.start(line.switchboard.url);
    caller.invite();
    const call = await cameIn(line);
    const { up } = answer(call);
    const { body: offer } = await caller.answered();
    caller.acknowledge(await media.createAnswer(offer));
    void caller.keepAnswering(async (mended) => media.createAnswer(mended));
    await up;
    expect(await flows(call.media, packets)).toBe(true);
  });
});
