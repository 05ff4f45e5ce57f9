import { describe, expect, it, onTestFinished } from 'vitest';
import type { Agent, AgentCallEvents } from '../../../sip-gateway/agent/agent.ts';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import { CallMedia } from '../../../sip-gateway/sip/call-media.ts';
import { NO_TRACKS } from '../../../sip-gateway/sip/rtc-peer-connection.ts';
import { instantEngine } from '../../fakes/instant-engine.ts';
import { openLine, untilIdle, type Line, type LineOptions } from '../../fakes/agent-line.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { until } from '../../support/until.ts';

async function line(options?: LineOptions): Promise<Line> {
  const opened = await openLine({ engine: instantEngine(), ...options });
  onTestFinished(() => opened.close());
  return opened;
}

/** A call that has ended, and who listened to it. */
async function completed(agent: Agent): Promise<readonly WeakRef<object>[]> {
  return new Promise((resolve) => {
    const events: AgentCallEvents = {
      onRinging() {},
      onAnswered() {},
      onMedia: () => call.hangUp('completed'),
      onInfo() {},
      onEnded: () => resolve([events, call, call.media].map((part) => new WeakRef(part))),
    };
    const call = agent.place('1001', events);
  });
}

describe('an outgoing call', () => {
  it('rings, is answered, brings media and ends when the agent hangs up', async () => {
    const { place, phone, agent } = await line();
    const call = place();
    await call.up;
    call.call.hangUp('completed');
    expect(await call.ended).toEqual({ outcome: 'completed' });
    expect(call.seen).toEqual(['ringing', 'answered', 'media', 'ended completed']);
    await untilIdle({ agent, phone });
  });

  it('is held by nobody once it has ended, though its INVITE is remembered for half a minute', async () => {
    const { agent } = await line();
    const parts = await completed(agent);
    await until(() => {
      collectGarbage();
      return parts.every((part) => part.deref() === undefined);
    });
    expect(agent.load.transactions).toBeGreaterThan(0);
  });

  it('ends as hung-up when the person hangs up', async () => {
    const { place, phone } = await line();
    const call = place();
    await call.up;
    phone.calls[0]?.session.terminate();
    expect(await call.ended).toEqual({ outcome: 'hung-up' });
  });

  it.each([
    [486, 'busy'],
    [603, 'rejected'],
    [480, 'no-answer'],
    [488, 'media-failed'],
    [503, 'trunk-unavailable'],
  ] as const)('that gets a %i ends as %s', async (status_code, outcome) => {
    const { place, phone } = await line();
    phone.onRing = ({ session }) => session.terminate({ status_code });
    expect(await place().ended).toEqual({ outcome, sipStatus: status_code });
  });

  it('to a number that is not there ends as invalid-number', async () => {
    const { place } = await line();
    expect(await place('9999').ended).toEqual({ outcome: 'invalid-number', sipStatus: 404 });
  });

  it('to something that is no destination ends as invalid-number', async () => {
    const { place } = await line();
    expect(await place('not a number').ended).toEqual({ outcome: 'invalid-number' });
    expect(await place('sip:@@').ended).toEqual({ outcome: 'invalid-number' });
  });

  it('is canceled when nobody answers in the ring time', async () => {
    const { place, phone, switchboard } = await line({ limits: { ring: 150, media: 5_000 } });
    phone.onRing = () => {};
    expect(await place().ended).toEqual({ outcome: 'no-answer' });
    await until(() => phone.calls[0]?.ended);
    await until(() => switchboard.trace.includes('1001>487 INVITE'));
  });

  it('is canceled while it rings', async () => {
    const { place, phone, agent } = await line();
    phone.onRing = () => {};
    const call = place();
    await until(() => call.seen.includes('ringing'));
    call.call.hangUp('canceled');
    expect(await call.ended).toEqual({ outcome: 'canceled' });
    await until(() => phone.calls[0]?.ended);
    await untilIdle({ agent, phone });
  });

  it('is canceled before the trunk has said anything', async () => {
    const { place, phone, agent } = await line();
    const call = place();
    call.call.hangUp('canceled');
    expect(await call.ended).toEqual({ outcome: 'canceled' });
    const second = place();
    await Promise.resolve();
    second.call.hangUp('canceled');
    expect(await second.ended).toEqual({ outcome: 'canceled' });
    await untilIdle({ agent, phone });
  });

  it('shows the caller ID', async () => {
    const { place, switchboard } = await line({ trunk: { callerId: '+442071838750' } });
    const call = place();
    await call.up;
    const invite = switchboard.log.find((entry) => entry.includes('>INVITE')) ?? '';
    expect(invite).toMatch(/^From: <sip:\+442071838750@example\.test>/m);
  });

  it('asks for a telephone number as one', async () => {
    const { place, switchboard } = await line();
    await place('+12025550123').ended;
    expect(
      switchboard.log.some((entry) => entry.includes('INVITE sip:+12025550123@example.test;user=phone SIP/2.0')),
    ).toBe(true);
  });
});

describe('an incoming call', () => {
  it('is declined', async () => {
    const { phone, switchboard } = await line();
    const engine = createDatachannelEngine();
    onTestFinished(() => engine.close());
    const media = new CallMedia({ engine, codecs: ['PCMU'], dtlsSetup: 'active', address: '127.0.0.1' });
    phone.userAgent.call('sip:agent@example.test', { mediaStream: NO_TRACKS, pcConfig: { media } });
    await until(() => switchboard.trace.some((entry) => entry.startsWith('agent>6')));
    expect(switchboard.trace).toContain('agent>603 INVITE');
  });
});
