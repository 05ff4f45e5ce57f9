import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_QUEUE, TrunkCapacity } from '../../../sip-gateway/trunks/trunk-capacity.ts';

describe('the capacity of a trunk', () => {
  it('has no end where none is set', () => {
    const capacity = new TrunkCapacity({});
    for (let call = 0; call < 1_000; call += 1) capacity.take(0);
    expect(capacity.wait(0)).toBe(0);
  });

  it('is used up by as many calls as may be at the same time', () => {
    const capacity = new TrunkCapacity({ maxCalls: 2 });
    capacity.take(0);
    expect(capacity.wait(0)).toBe(0);
    capacity.take(0);
    expect(capacity.wait(0)).toBeUndefined();
  });

  it('comes back when a call is over', () => {
    const capacity = new TrunkCapacity({ maxCalls: 1 });
    capacity.take(0);
    capacity.release();
    expect(capacity.wait(0)).toBe(0);
  });

  it('lets each call wait for its own turn', () => {
    const capacity = new TrunkCapacity({ callsPerSecond: 2 });
    const waits = Array.from({ length: 4 }, () => {
      const wait = capacity.wait(1_000);
      capacity.take(1_000);
      return wait;
    });
    expect(waits).toEqual([0, 500, 1_000, 1_500]);
  });

  it('is used up when the next turn is too far away', () => {
    const capacity = new TrunkCapacity({ callsPerSecond: 0.25 });
    capacity.take(0);
    capacity.take(0);
    expect(capacity.wait(0)).toBeUndefined();
    expect(capacity.wait(8_000 - LONGEST_QUEUE)).toBe(LONGEST_QUEUE);
  });

  it('never lets more calls through in any second than are set', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 100 }),
        (callsPerSecond, gaps) => {
          const capacity = new TrunkCapacity({ callsPerSecond });
          const dialed: number[] = [];
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            const wait = capacity.wait(now);
            if (wait === undefined) continue;
            capacity.take(now);
            dialed.push(now + wait);
          }
          for (const begin of dialed) {
            // A hair less than a second: sums of a third of it are not exact.
            const within = dialed.filter((at) => at >= begin && at < begin + 999.999);
            expect(within.length).toBeLessThanOrEqual(callsPerSecond);
          }
        },
      ),
    );
  });
});
