import { createRequire } from 'node:module';
import { describe, expect, it, onTestFinished } from 'vitest';
import { soak } from '../../soak/soak.ts';

/** JsSIP keeps a transaction for late answers for 32 s (timers M and L); this file does not wait for that. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this file of JsSIP has no types
const timers = createRequire(import.meta.url)('jssip/lib/Timers') as { TIMER_M: number; TIMER_L: number };

describe('eighty calls with random faults', () => {
  it('leave nothing behind in the voice server, and every verification has ended', async () => {
    const usual = { ...timers };
    Object.assign(timers, { TIMER_M: 500, TIMER_L: 500 });
    onTestFinished(() => void Object.assign(timers, usual));

    const { before, after, pending, inCall, complaints } = await soak({ calls: 80, atOnce: 16, seed: 20_261_125 });

    const more = Object.entries(after).filter(([what, count]) => count > (before[what] ?? 0));
    expect({ more, pending, inCall, complaints }).toEqual({ more: [], pending: 0, inCall: 0, complaints: [] });
  }, 120_000);
});
