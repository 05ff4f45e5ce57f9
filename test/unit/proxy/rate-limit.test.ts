import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../../sip-gateway/proxy/rate-limit.ts';

describe('A rate limit', () => {
  it('lets a burst pass, then asks for a wait that grows', () => {
    const limit = new RateLimit({ perSecond: 10, burst: 2 }, () => 0);
    expect([limit.take(), limit.take(), limit.take(), limit.take()]).toEqual([0, 0, 100, 200]);
  });

  it('is full again after a rest', () => {
    let now = 0;
    const limit = new RateLimit({ perSecond: 10, burst: 2 }, () => now);
    limit.take();
    const before = limit.isFull;
    now = 100;
    expect([before, limit.isFull]).toEqual([false, true]);
  });

  it('gives nothing when the clock goes back', () => {
    let now = 1000;
    const limit = new RateLimit({ perSecond: 10, burst: 1 }, () => now);
    limit.take();
    now = 0;
    expect(limit.take()).toBe(100);
  });
});
