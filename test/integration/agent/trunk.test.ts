import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TelephonyStatus } from '../../../server/verification/ports.ts';
import { Agent } from '../../../sip-gateway/agent/agent.ts';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import { instantEngine } from '../../fakes/instant-engine.ts';
import { openLine, place, TRUNK, untilIdle, type Line, type LineOptions } from '../../fakes/agent-line.ts';
import { header, reply, SipSwitch } from '../../fakes/sip-switch.ts';
import { until } from '../../support/until.ts';

async function open(options?: LineOptions): Promise<Line> {
  const line = await openLine({ engine: instantEngine(), ...options });
  onTestFinished(() => line.close());
  return line;
}

function agentAt(url: string, timing: { connectLimit?: number; firstRetry?: number } = {}): [Agent, TelephonyStatus[]] {
  const statuses: TelephonyStatus[] = [];
  const engine = createDatachannelEngine();
  const agent = new Agent({
    trunk: { url, ...TRUNK },
    limits: { ring: 5_000, media: 5_000 },
    engine,
    instanceId: '6f1ed002-ab5d-4b3c-8e1f-000000000003',
    onStatus: (status) => statuses.push(status),
    timing,
  });
  onTestFinished(async () => {
    await agent.close();
    engine.close();
  });
  agent.start();
  return [agent, statuses];
}

describe('the trunk', () => {
  it('that cannot be reached is said to be unreachable, and calls are refused at once', async () => {
    const [agent, statuses] = agentAt('ws://127.0.0.1:9');
    await until(() => statuses.length > 0);
    expect(statuses[0]).toMatchObject({ ready: false, reason: 'trunk-unreachable' });
    expect(await place(agent, '1001').ended).toEqual({ outcome: 'trunk-unavailable' });
  });

  it('that takes the connection and says nothing is given up', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const [, statuses] = agentAt(`ws://127.0.0.1:${port}`, { connectLimit: 100 });
    await until(() => statuses.length > 0);
    expect(statuses[0]).toMatchObject({ ready: false, reason: 'trunk-unreachable' });
  });

  it('that refuses us is said to refuse us, with its status', async () => {
    const switchboard = await SipSwitch.start();
    onTestFinished(() => switchboard.close());
    switchboard.registrar = (request) => reply(request, '403 Forbidden');
    const [agent, statuses] = agentAt(switchboard.url);
    await until(() => statuses.length > 0);
    expect(statuses[0]).toEqual({ ready: false, reason: 'trunk-refused', detail: 'REGISTER: 403 Forbidden' });
    expect(await place(agent, '1001').ended).toEqual({ outcome: 'trunk-unavailable' });
  });

  it('that refuses us is asked again until it takes us', async () => {
    const switchboard = await SipSwitch.start();
    onTestFinished(() => switchboard.close());
    let asked = 0;
    const accept = switchboard.registrar;
    switchboard.registrar = (request) => {
      asked += 1;
      return asked <= 3 ? reply(request, '503 Service Unavailable') : accept(request);
    };
    const [agent] = agentAt(switchboard.url, { firstRetry: 20 });
    await until(() => agent.status.ready);
    expect(asked).toBe(4);
  });

  it('that says 200 and does not list us is not believed', async () => {
    const switchboard = await SipSwitch.start();
    onTestFinished(() => switchboard.close());
    let asked = 0;
    const accept = switchboard.registrar;
    switchboard.registrar = (request) => {
      asked += 1;
      return asked === 1 ? reply(request, '200 OK') : accept(request);
    };
    const [agent, statuses] = agentAt(switchboard.url, { firstRetry: 20 });
    await until(() => agent.status.ready);
    expect(statuses[0]).toMatchObject({ ready: false, reason: 'trunk-refused' });
  });

  it('that wants no registration is ready when it is connected', async () => {
    const line = await open({ trunk: { register: false } });
    expect(line.statuses).toEqual([{ ready: true }]);
    expect(line.switchboard.trace.filter((entry) => entry.includes('agent>REGISTER'))).toEqual([]);
  });

  it('that is lost before the phone was answered ends the call as trunk-unavailable', async () => {
    const line = await open();
    line.phone.onRing = () => {};
    const call = line.place();
    await until(() => call.seen.includes('ringing'));
    line.switchboard.drop('agent');
    expect(await call.ended).toEqual({ outcome: 'trunk-unavailable' });
    expect(line.agent.load.sessions).toBe(0);
  });

  it('that is lost during a call leaves the call up, and it goes on when the trunk is back', async () => {
    const line = await open();
    const call = line.place();
    await call.up;
    line.switchboard.drop('agent');
    await until(() => !line.agent.status.ready);
    expect(call.seen.at(-1)).toBe('media');
    await until(() => line.agent.status.ready);
    line.phone.calls[0]?.session.terminate();
    expect((await call.ended).outcome).toBe('hung-up');
  });

  it('gets an ACK that it lost anew, so that the phone does not give up a call that was answered', async () => {
    const line = await open();
    line.switchboard.meddle = (message) => (message.startsWith('ACK ') ? undefined : message);
    const call = line.place();
    await call.up;
    line.switchboard.drop('agent');
    await until(() => !line.agent.status.ready);
    line.switchboard.meddle = (message) => message;
    await until(() => line.agent.status.ready);
    line.phone.calls[0]?.session.terminate();
    expect((await call.ended).outcome).toBe('hung-up');
  });

  it('gets the BYE of a call that ended while it was lost', async () => {
    const line = await open();
    const call = line.place();
    await call.up;
    line.switchboard.drop('agent');
    await until(() => !line.agent.status.ready);
    call.call.hangUp('completed');
    expect((await call.ended).outcome).toBe('completed');
    expect(line.phone.calls[0]?.ended).toBe(false);
    await until(() => line.phone.calls[0]?.ended);
    await untilIdle(line);
  });

  it('keeps one name for us over restarts', async () => {
    const line = await open();
    line.switchboard.drop('agent');
    await until(() => line.statuses.length > 1 && line.agent.status.ready);
    const contacts = line.switchboard.log
      .filter((entry) => entry.startsWith('agent>REGISTER'))
      .map((entry) => /\+sip\.instance="([^"]+)"/.exec(header(entry, 'Contact'))?.[1]);
    expect(new Set(contacts)).toEqual(new Set(['<urn:uuid:6f1ed002-ab5d-4b3c-8e1f-000000000001>']));
  });

  it('is left in good order: calls hung up, unregistered', async () => {
    const line = await openLine();
    const call = line.place();
    await call.up;
    await line.close();
    expect((await call.ended).outcome).toBe('canceled');
    const last = line.switchboard.log.findLast((entry) => entry.startsWith('agent>REGISTER')) ?? '';
    expect(header(last, 'Expires')).toBe('0');
    expect(line.switchboard.trace).toContain('agent>BYE');
    expect(line.agent.load.calls).toBe(0);
  });
});
