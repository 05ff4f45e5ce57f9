import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { TrunkConfig } from '../../../server/telephony/messages.ts';
import type { Misbehaviour } from '../../../sip-gateway/proxy/misbehaviour.ts';
import { createProxy, type Proxy } from '../../../sip-gateway/proxy/proxy.ts';
import type { TrunkCallEnd } from '../../../sip-gateway/trunks/trunk-call.ts';
import { Trunks } from '../../../sip-gateway/trunks/trunks.ts';
import { TRUNK } from '../../fakes/agent-line.ts';
import { instantEngine } from '../../fakes/instant-engine.ts';
import { TestPhone } from '../../fakes/test-phone.ts';
import { until } from '../../support/until.ts';

const DOMAIN = 'example.test';
const NUMBER = '1001';
const SILENCE = 200;

/** A trunk with the phone that it reaches. */
interface Side {
  readonly proxy: Proxy;
  readonly config: TrunkConfig;
  readonly phone: TestPhone;
}

const engine = instantEngine();

async function openSide(name: string): Promise<Side> {
  const proxy = createProxy({ domain: DOMAIN, clock: Date.now });
  const url = await proxy.listen({ port: 0, path: '/sip' });
  return { proxy, config: { ...TRUNK, name, url }, phone: await TestPhone.start(url, engine, NUMBER) };
}

describe('a call over two trunks', () => {
  let first: Side;
  let second: Side;
  let trunks: Trunks;

  beforeAll(async () => {
    [first, second] = await Promise.all([openSide('first'), openSide('second')]);
  });

  afterAll(async () => {
    for (const { phone, proxy } of [first, second]) {
      phone.close();
      await proxy.close();
    }
  });

  beforeEach(async () => {
    trunks = new Trunks({
      trunks: [first.config, second.config],
      limits: { ring: 5_000, media: 5_000 },
      engine,
      instanceId: ({ name }) => `6f1ed002-ab5d-4b3c-8e1f-00000000000${name === 'first' ? 4 : 5}`,
      onStatus: () => {},
      onFault: () => {},
      now: Date.now,
      silence: SILENCE,
    });
    onTestFinished(async () => trunks.close());
    trunks.start();
    await until(() => trunks.status.trunks?.every(({ ready }) => ready));
  });

  /** Places a call while the first trunk misbehaves so. */
  function place(...plan: Misbehaviour[]) {
    first.proxy.misbehave(NUMBER, plan);
    const seen: string[] = [];
    const ended = new Promise<TrunkCallEnd>((resolve) => {
      const call = trunks.place(
        { to: NUMBER },
        {
          onTrying: ({ name }) => seen.push(name),
          onRinging: () => seen.push('ringing'),
          onAnswered: () => seen.push('answered'),
          onMedia: () => call.hangUp('completed'),
          onInfo: () => {},
          onEnded: resolve,
        },
      );
    });
    return { seen, ended };
  }

  it('goes by the first', async () => {
    const { seen, ended } = place();
    expect(await ended).toMatchObject({ outcome: 'completed', trunk: 'first' });
    expect(seen).toEqual(['first', 'ringing', 'answered']);
  });

  it.each<[string, Misbehaviour]>([
    ['refuses with 503', { type: 'reject', status: 503 }],
    ['does not know us any more', { type: 'reject', status: 401 }],
    ['says nothing at all', { type: 'silence', after: 'nothing' }],
    ['loses its connection', { type: 'drop-connection', side: 'caller', at: 'invite' }],
  ])('goes by the second when the first %s', async (_what, misbehaviour) => {
    // The phone behind the first trunk is not to be faster than the fault.
    first.phone.onRing = () => {};
    const { seen, ended } = place(misbehaviour);
    expect(await ended).toMatchObject({ outcome: 'completed', trunk: 'second' });
    expect(seen.filter((entry) => entry !== 'ringing')).toEqual(['first', 'second', 'answered']);
  });

  it('goes by the second when the first is gone, and needs no try to know', async () => {
    const gone = await openSide('gone');
    const both = new Trunks({
      trunks: [gone.config, second.config],
      limits: { ring: 5_000, media: 5_000 },
      engine,
      instanceId: () => '6f1ed002-ab5d-4b3c-8e1f-000000000006',
      onStatus: () => {},
      onFault: () => {},
      now: Date.now,
    });
    onTestFinished(async () => both.close());
    both.start();
    await until(() => both.status.trunks?.every(({ ready }) => ready));
    gone.phone.close();
    await gone.proxy.close();
    await until(() => both.status.trunks?.some(({ ready }) => !ready));
    trunks = both;
    const { seen, ended } = place();
    expect(await ended).toMatchObject({ outcome: 'completed', trunk: 'second' });
    expect(seen).toEqual(['second', 'ringing', 'answered']);
  });

  it('is not placed a second time when the first breaks after it rang', async () => {
    first.phone.onRing = () => {};
    const calls = second.phone.calls.length;
    const { seen, ended } = place({ type: 'drop-connection', side: 'caller', at: 'ringing' });
    expect(await ended).toMatchObject({ outcome: 'trunk-unavailable', trunk: 'first' });
    expect(seen).toEqual(['first', 'ringing']);
    expect(second.phone.calls).toHaveLength(calls);
  });

  it('is not placed a second time when the number is busy', async () => {
    const { ended } = place({ type: 'reject', status: 486 });
    expect(await ended).toEqual({ outcome: 'busy', sipStatus: 486, trunk: 'first' });
  });
});
