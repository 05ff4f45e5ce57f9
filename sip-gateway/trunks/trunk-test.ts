import { randomUUID } from 'node:crypto';
import { Agent } from '../agent/agent.ts';
import { TestCall } from './test-call.ts';
import type { TrunkTest, TrunkTestOptions } from './trunk-test-types.ts';

/** To connect and register, milliseconds. */
const READY_LIMIT = 10_000;

/** Places a call on this trunk as it would be for a verification, and measures what comes back. */
export async function testTrunk(options: TrunkTestOptions): Promise<TrunkTest> {
  const { trunk, limits, engine } = options;
  const changes = new EventTarget();
  const agent = new Agent({
    trunk,
    limits,
    engine,
    // A name of its own: the registration of a server that runs is to stay as it is (RFC 5626 §4.1).
    instanceId: randomUUID(),
    onStatus: () => changes.dispatchEvent(new Event('status')),
  });
  const test = new TestCall(options);
  try {
    agent.start();
    await settled(agent, changes, options);
    const { status } = agent;
    if (status.ready) await test.place(agent);
    return { status, ...test.findings() };
  } finally {
    test.close();
    await agent.close();
  }
}

/** Resolves when the trunk has taken us, refused us, or said nothing for too long. */
async function settled(agent: Agent, changes: EventTarget, { stop }: TrunkTestOptions): Promise<void> {
  const limit = AbortSignal.any([AbortSignal.timeout(READY_LIMIT), ...(stop ? [stop] : [])]);
  while (!limit.aborted && !agent.status.ready && agent.status.reason === 'starting') {
    await new Promise<void>((resolve) => {
      changes.addEventListener('status', () => resolve(), { once: true });
      limit.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
