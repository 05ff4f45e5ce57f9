import { createRequire } from 'node:module';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import type { MediaEngine, MediaPeer } from '../../../sip-gateway/media/media-engine.ts';
import { openLine, type SeenCall } from '../../fakes/agent-line.ts';
import { until } from '../../support/until.ts';

/** JsSIP keeps a transaction for late answers for 32 s (timers M and L); this file does not wait for that. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this file of JsSIP has no types
const timers = createRequire(import.meta.url)('jssip/lib/Timers') as { TIMER_M: number; TIMER_L: number };

describe('two hundred calls', () => {
  it('of every kind leave no session, dialog, transaction, peer or call behind', async () => {
    const before = { ...timers };
    Object.assign(timers, { TIMER_M: 500, TIMER_L: 500 });
    onTestFinished(() => void Object.assign(timers, before));
    const { engine, peers } = countingEngine();
    const line = await openLine({ engine });
    const { listeners } = line.agent.load;
    onTestFinished(() => line.close());

    let rung = 0;
    line.phone.onRing = (call) => {
      rung += 1;
      if (rung % 10 === 1) call.session.terminate({ status_code: 486 });
      else if (rung % 10 !== 2) line.phone.answer(call);
    };
    for (let batch = 0; batch < 20; batch += 1) {
      const calls = Array.from({ length: 10 }, () => line.place());
      await Promise.all(calls.map(async (call, index) => finish(call, index)));
    }

    expect(rung).toBeGreaterThan(150);
    await vi.waitFor(
      () =>
        expect({ ...line.agent.load, peers: peers.size }).toEqual({
          calls: 0,
          lateByes: 0,
          listeners,
          sessions: 0,
          dialogs: 0,
          transactions: 0,
          peers: 0,
        }),
      { timeout: 10_000 },
    );
    expect(line.faults).toEqual([]);
  }, 60_000);
});

/** Each in its own way: before it rings, while it rings, or once media flow. */
async function finish({ call, seen, up, ended }: SeenCall, index: number): Promise<void> {
  if (index === 0) call.hangUp('canceled');
  if (index === 1) await until(() => seen.length > 0);
  if (index > 1) await Promise.race([up.catch(() => {}), until(() => seen.length > 0).then(later)]);
  call.hangUp('completed');
  await ended;
}

function later(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 150);
  });
}

function countingEngine(): { readonly engine: MediaEngine; readonly peers: Set<MediaPeer> } {
  const inner = createDatachannelEngine();
  const peers = new Set<MediaPeer>();
  return {
    peers,
    engine: {
      createPeer(options) {
        const peer = inner.createPeer(options);
        peers.add(peer);
        const close = peer.close.bind(peer);
        peer.close = () => {
          peers.delete(peer);
          close();
        };
        return peer;
      },
      close: () => inner.close(),
    },
  };
}
