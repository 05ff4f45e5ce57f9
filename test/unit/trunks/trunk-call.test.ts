import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrunkConfig } from '../../../server/telephony/messages.ts';
import type { LineStatus } from '../../../server/verification/ports.ts';
import type { AgentCallEnd, AgentCallEvents, PlaceOptions } from '../../../sip-gateway/agent/agent.ts';
import { CallMedia } from '../../../sip-gateway/sip/call-media.ts';
import { TrunkCall } from '../../../sip-gateway/trunks/trunk-call.ts';
import { Trunk, type TrunkAgent } from '../../../sip-gateway/trunks/trunk.ts';
import { TRUNK } from '../../fakes/agent-line.ts';
import { instantEngine } from '../../fakes/instant-engine.ts';

const RING = 40_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An agent whose trunk is played by the test. */
class PlayedAgent implements TrunkAgent {
  status: LineStatus = { ready: true };
  readonly load = { calls: 0, sessions: 0, dialogs: 0, transactions: 0, lateByes: 0, listeners: 0 };
  readonly tries: { readonly to: string; readonly events: AgentCallEvents; readonly how: PlaceOptions }[] = [];

  start(): void {}
  async close(): Promise<void> {}

  place(to: string, events: AgentCallEvents, how: PlaceOptions = {}) {
    this.tries.push({ to, events, how });
    const media = new CallMedia({ engine: instantEngine(), codecs: ['PCMU'], dtlsSetup: 'active' });
    return { media, sendInfo() {}, hangUp: (outcome: AgentCallEnd['outcome']) => events.onEnded({ outcome }) };
  }

  /** What happens to the call that it placed last. */
  get call(): AgentCallEvents {
    const last = this.tries.at(-1);
    if (!last) throw new Error('no call was placed on this trunk');
    return last.events;
  }
}

function trunk(name: string, config: Partial<TrunkConfig> = {}) {
  const agent = new PlayedAgent();
  return { agent, trunk: new Trunk({ ...TRUNK, url: 'ws://127.0.0.1:1', ...config, name }, agent) };
}

/** Places a call that any of these trunks may carry, and lets its first try begin. */
function place(trunks: readonly Trunk[], callerId?: string) {
  const seen: string[] = [];
  const call = new TrunkCall(
    { trunks, ring: RING, now: Date.now, onLoad: () => {} },
    { to: '+12025550123', ...(callerId !== undefined && { callerId }) },
    {
      onTrying: ({ name }) => seen.push(`trying ${name}`),
      onFailed: ({ outcome, trunk: name }) => seen.push(`${name} failed: ${outcome}`),
      onRinging: () => seen.push('ringing'),
      onAnswered: () => seen.push('answered'),
      onMedia: () => seen.push('media'),
      onInfo: () => {},
      onEnded: ({ outcome, trunk: name }) => seen.push(`ended ${outcome} on ${name ?? 'none'}`),
    },
  );
  vi.advanceTimersByTime(0);
  return { call, seen };
}

async function placed(...args: Parameters<typeof place>) {
  const result = place(...args);
  await vi.advanceTimersByTimeAsync(0);
  return result;
}

describe('a call over several trunks', () => {
  it('goes by the best one', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    const { seen } = await placed([a.trunk, b.trunk]);
    a.agent.call.onRinging();
    a.agent.call.onAnswered();
    a.agent.call.onEnded({ outcome: 'completed' });
    expect(seen).toEqual(['trying a', 'ringing', 'answered', 'ended completed on a']);
    expect(b.agent.tries).toHaveLength(0);
  });

  it('goes by the next one where the best fails before anything rang', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    const { seen } = await placed([a.trunk, b.trunk]);
    a.agent.call.onEnded({ outcome: 'trunk-unavailable', sipStatus: 503 });
    b.agent.call.onRinging();
    expect(seen).toEqual(['trying a', 'a failed: trunk-unavailable', 'trying b', 'ringing']);
  });

  it('skips one that is not connected', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    a.agent.status = { ready: false, reason: 'trunk-unreachable', detail: 'no connection' };
    const { seen } = await placed([a.trunk, b.trunk]);
    expect(seen).toEqual(['trying b']);
  });

  it('ends with what the last one said when all failed', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    const { seen } = await placed([a.trunk, b.trunk]);
    a.agent.call.onEnded({ outcome: 'trunk-unavailable' });
    b.agent.call.onEnded({ outcome: 'no-answer', sipStatus: 408 });
    expect(seen.at(-1)).toBe('ended no-answer on b');
  });

  it('rings nobody a second time: after ringing there is no other trunk', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    const { seen } = await placed([a.trunk, b.trunk]);
    a.agent.call.onRinging();
    a.agent.call.onEnded({ outcome: 'trunk-unavailable', sipStatus: 503 });
    expect(seen.at(-1)).toBe('ended trunk-unavailable on a');
    expect(b.agent.tries).toHaveLength(0);
  });

  it('is not placed again when it was answered without ringing, and its media failed', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    const { seen } = await placed([a.trunk, b.trunk]);
    a.agent.call.onAnswered();
    a.agent.call.onEnded({ outcome: 'media-failed' });
    expect(seen.at(-1)).toBe('ended media-failed on a');
    expect(b.agent.tries).toHaveLength(0);
  });

  it('takes busy for an answer', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    const { seen } = await placed([a.trunk, b.trunk]);
    a.agent.call.onEnded({ outcome: 'busy', sipStatus: 486 });
    expect(seen.at(-1)).toBe('ended busy on a');
  });

  it('leaves no trunk to be tried when it is hung up', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    const { call, seen } = await placed([a.trunk, b.trunk]);
    call.hangUp('canceled');
    expect(seen.at(-1)).toBe('ended canceled on a');
    expect(b.agent.tries).toHaveLength(0);
  });

  it('ends once, whatever comes after', async () => {
    const a = trunk('a');
    const { call, seen } = await placed([a.trunk]);
    a.agent.call.onEnded({ outcome: 'completed' });
    call.hangUp('canceled');
    expect(seen.filter((entry) => entry.startsWith('ended'))).toHaveLength(1);
  });

  it('ends as trunk-unavailable where no trunk may carry it', async () => {
    const { seen } = await placed([]);
    expect(seen).toEqual(['ended trunk-unavailable on none']);
  });

  it('has one limit on its ringing, over all trunks', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    await placed([a.trunk, b.trunk]);
    vi.advanceTimersByTime(4_000);
    a.agent.call.onEnded({ outcome: 'trunk-unavailable' });
    expect([a, b].map(({ agent }) => agent.tries[0]?.how.ring)).toEqual([RING, RING - 4_000]);
  });

  it('is not tried elsewhere when no time is left to ring', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    const { seen } = await placed([a.trunk, b.trunk]);
    vi.advanceTimersByTime(RING - 1_000);
    a.agent.call.onEnded({ outcome: 'trunk-unavailable' });
    expect(seen.at(-1)).toBe('ended trunk-unavailable on a');
  });

  it('waits for the first word of a trunk only as long as there is another one', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    await placed([a.trunk, b.trunk]);
    a.agent.call.onEnded({ outcome: 'trunk-unavailable' });
    expect([a, b].map(({ agent }) => agent.tries[0]?.how.silence)).toEqual([5_000, undefined]);
  });

  it('keeps its own caller ID on every trunk', async () => {
    const [a, b] = [trunk('a', { callerId: '+12025550001' }), trunk('b', { callerId: '+12025550002' })];
    await placed([a.trunk, b.trunk], '+12025550100');
    a.agent.call.onEnded({ outcome: 'trunk-unavailable' });
    expect([a, b].map(({ agent }) => agent.tries[0]?.how.callerId)).toEqual(['+12025550100', '+12025550100']);
  });
});

describe('a trunk that failed', () => {
  it('is not the first to get the next call, for a while', async () => {
    const [a, b] = [trunk('a'), trunk('b')];
    await placed([a.trunk, b.trunk]);
    a.agent.call.onEnded({ outcome: 'trunk-unavailable', sipStatus: 503 });
    expect((await placed([a.trunk, b.trunk])).seen).toEqual(['trying b']);
    vi.advanceTimersByTime(30_000);
    expect((await placed([a.trunk, b.trunk])).seen).toEqual(['trying a']);
  });
});

describe('a trunk of limited capacity', () => {
  it('passes what is too much on to the next one', async () => {
    const [a, b] = [trunk('a', { maxCalls: 1 }), trunk('b')];
    await placed([a.trunk, b.trunk]);
    expect((await placed([a.trunk, b.trunk])).seen).toEqual(['trying b']);
  });

  it('takes the next call when one is over', async () => {
    const a = trunk('a', { maxCalls: 1 });
    await placed([a.trunk]);
    a.agent.call.onEnded({ outcome: 'busy', sipStatus: 486 });
    expect((await placed([a.trunk])).seen).toEqual(['trying a']);
  });

  it('refuses a call at once where there is no other trunk', async () => {
    const a = trunk('a', { maxCalls: 1 });
    await placed([a.trunk]);
    expect((await placed([a.trunk])).seen).toEqual(['ended trunk-unavailable on none']);
  });

  it('lets a call wait for its turn in the second, without a word', async () => {
    const a = trunk('a', { callsPerSecond: 2 });
    await placed([a.trunk]);
    const { seen } = await placed([a.trunk]);
    expect(seen).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(seen).toEqual(['trying a']);
  });

  it('lets a call go that is hung up while it waits, and gives its place to another', async () => {
    const a = trunk('a', { callsPerSecond: 2, maxCalls: 2 });
    await placed([a.trunk]);
    const { call, seen } = await placed([a.trunk]);
    call.hangUp('canceled');
    expect(seen).toEqual(['ended canceled on none']);
    expect(a.trunk.capacity.calls).toBe(1);
    vi.advanceTimersByTime(5_000);
    expect(a.agent.tries).toHaveLength(1);
  });
});
