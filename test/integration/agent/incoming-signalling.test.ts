import { describe, expect, it, onTestFinished } from 'vitest';
import type { IncomingCall } from '../../../sip-gateway/agent/incoming-call.ts';
import type { MediaEngine } from '../../../sip-gateway/media/media-engine.ts';
import { answer, openLine, untilIdle, type Line } from '../../fakes/agent-line.ts';
import { instantEngine } from '../../fakes/instant-engine.ts';
import { RawCaller } from '../../fakes/raw-caller.ts';
import { until } from '../../support/until.ts';

const USELESS = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 RTP/AVP 96\r\n';

/** What the caller says of its media: any peer's offer is as good as an answer here. */
async function anSdp(setup: 'actpass' | 'passive'): Promise<string> {
  const options = { codecs: ['PCMU'], dtlsSetup: 'active', ssrc: 1 } as const;
  const sdp = await instantEngine().createPeer(options).offer();
  return sdp.replace('setup:active', `setup:${setup}`);
}

async function ringing(engine: MediaEngine = instantEngine(), sdp?: string) {
  const line = await openLine({ engine, takesCalls: true });
  onTestFinished(() => line.close());
  const caller = await RawCaller.start(line.switchboard.url);
  caller.invite(sdp);
  return { line, caller, call: await cameIn(line) };
}

async function cameIn({ incoming }: Line): Promise<IncomingCall> {
  await until(() => incoming.length > 0);
  const [call] = incoming;
  if (!call) throw new Error('nobody called');
  return call;
}

async function talking() {
  const parts = await ringing(instantEngine(), await anSdp('actpass'));
  const watched = answer(parts.call);
  await parts.caller.answered();
  parts.caller.acknowledge();
  await watched.up;
  return { ...parts, ...watched };
}

describe('a caller who says what few do', () => {
  it.each([
    ['none', undefined],
    ['one that nobody can use', USELESS],
  ])('left the SDP to us and acknowledges with %s: hung up as media-failed', async (_, sdp) => {
    const { line, caller, call } = await ringing();
    const { ended } = answer(call);
    await caller.answered();
    caller.acknowledge(sdp);
    expect((await ended).outcome).toBe('media-failed');
    await caller.isHungUp();
    expect(line.faults).toEqual([]);
  });

  it('cancels while it is being answered: 487, hung up, and nothing is left', async () => {
    let go: (() => void) | undefined;
    const canceled = new Promise<void>((resolve) => (go = resolve));
    const engine = slowToAnswer(instantEngine(), canceled);
    const { line, caller, call } = await ringing(engine, await anSdp('actpass'));
    const { ended } = answer(call);
    caller.cancel();
    await caller.response('INVITE', 487);
    go?.();
    expect((await ended).outcome).toBe('hung-up');
    await untilIdle(line);
    expect(line.switchboard.trace).not.toContain('agent>200 INVITE');
    expect(line.agent.load.calls).toBe(0);
  });

  it('refers us elsewhere: declined, nobody is called, and the call goes on', async () => {
    const { line, caller, call, seen } = await talking();
    caller.send('REFER', ['Refer-To: <sip:elsewhere@example.test>']);
    // What became of it is told by NOTIFY (RFC 3515 §2.4.4).
    expect(await caller.isNotified()).toContain('SIP/2.0 100');
    expect(await caller.isNotified()).toContain('SIP/2.0 603');
    expect(line.switchboard.trace).not.toContain('agent>INVITE');
    expect(seen).toEqual(['answered', 'media']);
    call.hangUp('completed');
    await caller.isHungUp();
  });

  it('negotiates anew and leaves the SDP to us: our own again, and the call goes on', async () => {
    const { caller, call, seen } = await talking();
    caller.invite();
    const { body } = await caller.answered();
    expect(body).toMatch(/^m=audio /m);
    caller.acknowledge(await anSdp('passive'));
    call.hangUp('completed');
    await caller.isHungUp();
    expect(seen).toEqual(['answered', 'media', 'ended completed']);
  });

  it('negotiates anew with what nobody can use: 488, and the call goes on', async () => {
    const { caller, seen } = await talking();
    caller.invite(USELESS);
    await caller.response('INVITE', 488);
    caller.send('BYE');
    await caller.response('BYE', 200);
    expect(seen).toEqual(['answered', 'media', 'ended hung-up']);
  });
});

/** An engine whose answers are made when the test says so. */
function slowToAnswer(engine: MediaEngine, when: Promise<void>): MediaEngine {
  return {
    createPeer(options) {
      const peer = engine.createPeer(options);
      const make = peer.answer.bind(peer);
      peer.answer = async (offer) => {
        await when;
        return make(offer);
      };
      return peer;
    },
    close: () => engine.close(),
  };
}
