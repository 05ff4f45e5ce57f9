import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { TrunkConfig } from '../../../server/telephony/messages.ts';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import { withFreePort } from '../../../sip-gateway/media/free-port.ts';
import type { TrunkCallEnd } from '../../../sip-gateway/trunks/trunk-call.ts';
import { Trunks } from '../../../sip-gateway/trunks/trunks.ts';
import { TRUNK } from '../../fakes/agent-line.ts';
import { SipSwitch } from '../../fakes/sip-switch.ts';
import { TestPhone } from '../../fakes/test-phone.ts';
import { portRange } from '../../support/port-range.ts';
import { until } from '../../support/until.ts';

const NUMBER = '1001';
/** Far less than any limit of a call: nothing waits where no port is left. */
const SOON = 2_000;

/** A trunk with one port for media, and the phone that it reaches. */
interface Side {
  readonly config: TrunkConfig & { readonly mediaPorts: { readonly from: number; readonly to: number } };
  readonly switchboard: SipSwitch;
  readonly phone: TestPhone;
  /** The ports that packets of media came from. */
  readonly sources: Set<number>;
}

describe('two trunks with port ranges of their own', () => {
  const engine = createDatachannelEngine();
  let sides: readonly [Side, Side];
  let trunks: Trunks;

  beforeAll(async () => {
    sides = [await openSide('first'), await openSide('second')];
    trunks = new Trunks({
      trunks: sides.map(({ config }) => config),
      limits: { ring: 5_000, media: 5_000 },
      engine,
      instanceId: ({ name }) => `6f1ed002-ab5d-4b3c-8e1f-00000000000${name === 'first' ? 7 : 8}`,
      onStatus: () => {},
      onFault: () => {},
      now: Date.now,
    });
    trunks.start();
    await until(() => trunks.status.trunks?.every(({ ready }) => ready));
  });

  afterAll(async () => {
    await trunks.close();
    for (const { phone, switchboard } of sides) {
      phone.close();
      await switchboard.close();
    }
    engine.close();
  });

  async function openSide(name: string): Promise<Side> {
    const switchboard = await SipSwitch.start();
    const config = { ...TRUNK, name, url: switchboard.url, mediaPorts: portRange(1) };
    return {
      config,
      switchboard,
      phone: await TestPhone.start(switchboard.url, engine, NUMBER),
      sources: await listenBetween(switchboard),
    };
  }

  /** Libdatachannel lets go of the ports of calls that are over on a thread of its own. */
  async function untilAllPortsAreFree(): Promise<void> {
    for (const {
      config: { mediaPorts: ports },
    } of sides) {
      const isFree = async () => withFreePort({ address: '127.0.0.1', ports }, () => {}).then(() => 'free', String);
      await expect.poll(isFree).toBe('free');
    }
  }

  beforeEach(untilAllPortsAreFree);

  /** A call that stays up until the test is over; `carried` by the trunk of this name once its media flows. */
  function place() {
    const failed: TrunkCallEnd[] = [];
    let trunk = '';
    const { promise: carried, settle } = unsettled<string>();
    const { promise: ended, settle: onEnded } = unsettled<TrunkCallEnd>();
    const call = trunks.place(
      { to: NUMBER },
      {
        onTrying: ({ name }) => (trunk = name),
        onFailed: (end) => failed.push(end),
        onRinging: () => {},
        onAnswered: () => {},
        onMedia: () => settle(trunk),
        onInfo: () => {},
        onEnded,
      },
    );
    const hangUp = (): void => call.hangUp('completed');
    onTestFinished(async () => {
      hangUp();
      await ended;
    });
    return { carried, failed, ended, hangUp };
  }

  it('send the media of each call from their own, and the call goes by the next where there is no port left', async () => {
    const one = place();
    expect(await one.carried).toBe('first');
    const other = place();
    expect(await other.carried).toBe('second');
    expect(sides.map(({ sources }) => [...sources])).toEqual(sides.map(({ config }) => [config.mediaPorts.from]));
    expect(other.failed).toMatchObject([{ trunk: 'first', outcome: 'media-failed', fault: expect.anything() }]);
  });

  it('end a call at once as media-failed, and say why, where no port is left on any', async () => {
    await place().carried;
    await place().carried;
    const placedAt = Date.now();
    const third = place();
    expect(await third.ended).toMatchObject({ outcome: 'media-failed', trunk: 'second' });
    expect(third.failed.map(({ fault }) => fault)).toEqual(
      sides.map(
        ({
          config: {
            mediaPorts: { from, to },
          },
        }) => expect.stringContaining(`from ${from} to ${to}`),
      ),
    );
    expect(Date.now() - placedAt).toBeLessThan(SOON);
  });

  it('take calls again once a port is free', async () => {
    const before = place();
    await before.carried;
    before.hangUp();
    await before.ended;
    await untilAllPortsAreFree();
    expect(await place().carried).toBe('first');
  });
});

/** A promise that is settled from outside. */
function unsettled<Value>(): { readonly promise: Promise<Value>; readonly settle: (value: Value) => void } {
  const settlers: ((value: Value) => void)[] = [];
  const promise = new Promise<Value>((resolve) => settlers.push(resolve));
  return { promise, settle: (value) => settlers[0]?.(value) };
}

/** Puts a relay between the agent's media and the phone's, which sees where packets come from. */
async function listenBetween(switchboard: SipSwitch): Promise<Set<number>> {
  const sources = new Set<number>();
  const [forAgent, forPhone] = [createSocket('udp4'), createSocket('udp4')];
  for (const socket of [forAgent, forPhone]) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.unref();
  }
  const ports = { agent: 0, phone: 0 };
  forAgent.on('message', (packet, { port }) => {
    sources.add(port);
    forPhone.send(packet, ports.phone, '127.0.0.1');
  });
  forPhone.on('message', (packet) => forAgent.send(packet, ports.agent, '127.0.0.1'));
  // Each is told the relay's port in place of the other's.
  switchboard.meddle = (message, from) => {
    const port = /^m=audio (\d{5}) /m.exec(message)?.[1];
    if (port === undefined) return message;
    const isPhone = from === NUMBER;
    ports[isPhone ? 'phone' : 'agent'] = Number(port);
    const relay = (isPhone ? forAgent : forPhone).address().port;
    return message.replaceAll(new RegExp(`\\b${port}\\b`, 'g'), String(relay));
  };
  return sources;
}
