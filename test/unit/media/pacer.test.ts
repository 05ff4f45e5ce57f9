import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPacer } from '../../../sip-gateway/media/pacer.ts';

describe('the shared 20 ms clock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('ticks every 20 ms, with the number of the frame', () => {
    const pacer = createPacer();
    const frames: number[] = [];
    pacer.add((frame) => frames.push(frame));
    vi.advanceTimersByTime(100);
    expect(frames).toEqual([1, 2, 3, 4, 5]);
  });

  it('does not drift when its timer is late', () => {
    let late = 0;
    const pacer = createPacer({ now: () => performance.now() + late });
    const frames: number[] = [];
    pacer.add((frame) => frames.push(frame));
    // Each time the timer is due the wall has run on by another 3 ms: after n frames a timer that counted from its
    // own last run would be 3n behind.
    for (let passed = 0; passed < 50; passed += 1) {
      late += 3;
      vi.advanceTimersByTime(20);
    }
    expect(frames).toEqual(Array.from({ length: 57 }, (_, index) => index + 1));
  });

  it('catches up a few frames, and leaves out what is too late', () => {
    let skipped = 0;
    const pacer = createPacer({ now: () => performance.now() + skipped });
    const frames: number[] = [];
    pacer.add((frame) => frames.push(frame));
    vi.advanceTimersByTime(20);
    skipped = 60;
    vi.advanceTimersByTime(20);
    expect(frames).toEqual([1, 2, 3, 4, 5]);
    skipped = 1060;
    vi.advanceTimersByTime(20);
    expect(frames).toEqual([1, 2, 3, 4, 5, 56]);
  });

  it('stands still while nobody listens, and goes on at the right frame', () => {
    const pacer = createPacer();
    const leave = pacer.add(() => {});
    vi.advanceTimersByTime(40);
    leave();
    vi.advanceTimersByTime(20);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(940);
    const frames: number[] = [];
    pacer.add((frame) => frames.push(frame));
    vi.advanceTimersByTime(20);
    expect(frames).toEqual([51]);
  });

  it('goes on for the others when one throws', () => {
    const faults: unknown[] = [];
    const pacer = createPacer({ onFault: (error) => faults.push(error) });
    let ticks = 0;
    pacer.add(() => {
      throw new Error('a call went wrong');
    });
    pacer.add(() => {
      ticks += 1;
    });
    vi.advanceTimersByTime(60);
    expect(ticks).toBe(3);
    expect(faults).toHaveLength(3);
  });

  it('stops for good when it is closed', () => {
    const pacer = createPacer();
    pacer.add(() => {});
    pacer.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(pacer.size).toBe(0);
  });
});
