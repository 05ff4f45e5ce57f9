import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPacer } from '../../../sip-gateway/media/pacer.ts';

describe('the shared 20 ms clock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('ticks every 20 ms, with the number of the frame', () => {
    const pacer = createPacer();
    const ticks: [number, number][] = [];
    pacer.add((frame) => ticks.push([performance.now(), frame]));
    vi.advanceTimersByTime(70);
    expect(ticks).toEqual([
      [5, 0.25],
      [25, 1.25],
      [45, 2.25],
      [65, 3.25],
    ]);
  });

  it('begins with a call within 5 ms, whenever it comes', () => {
    const pacer = createPacer();
    const began: number[] = [];
    for (let call = 0; call < 20; call += 1) {
      const at = performance.now();
      const paced = pacer.add(() => {
        began.push(performance.now() - at);
        paced.leave();
      });
      vi.advanceTimersByTime(21);
    }
    expect(Math.max(...began)).toBeLessThanOrEqual(5);
    expect(began).toHaveLength(20);
  });

  it('moves a call that is in haste to the next place, and ticks it every 20 ms from there', () => {
    const pacer = createPacer();
    const ticks: number[] = [];
    const paced = pacer.add(() => ticks.push(performance.now()));
    vi.advanceTimersByTime(32);
    paced.hasten();
    vi.advanceTimersByTime(30);
    expect(ticks).toEqual([5, 25, 35, 55]);
  });

  it('spreads calls that come at once over the frame time', () => {
    const pacer = createPacer();
    const ticks: number[] = [];
    for (let call = 0; call < 2_000; call += 1) pacer.add(() => ticks.push(performance.now()));
    vi.advanceTimersByTime(20);
    expect(ticks).toHaveLength(2_000);
    for (const at of [5, 10, 15, 20]) expect(ticks.filter((tick) => tick === at).length).toBeLessThan(700);
  });

  it('ticks nobody who has left, nor twice who hastens within a tick', () => {
    const pacer = createPacer();
    const ticks: number[] = [];
    const paced = pacer.add(() => {
      ticks.push(performance.now());
      paced.hasten();
    });
    vi.advanceTimersByTime(15);
    paced.leave();
    paced.hasten();
    vi.advanceTimersByTime(100);
    expect(ticks).toEqual([5, 10, 15]);
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
    expect(frames).toEqual(Array.from({ length: 58 }, (_, index) => index + 0.25));
  });

  it('catches up a few frames, and leaves out what is too late', () => {
    let skipped = 0;
    const pacer = createPacer({ now: () => performance.now() + skipped });
    const frames: number[] = [];
    pacer.add((frame) => frames.push(frame));
    vi.advanceTimersByTime(20);
    skipped = 60;
    vi.advanceTimersByTime(20);
    expect(frames).toEqual([0.25, 1.25, 2.25, 3.25, 4.25]);
    skipped = 1060;
    vi.advanceTimersByTime(20);
    expect(frames).toEqual([0.25, 1.25, 2.25, 3.25, 4.25, 55.25]);
  });

  it('stands still while nobody listens, and goes on at the right frame', () => {
    const pacer = createPacer();
    const paced = pacer.add(() => {});
    vi.advanceTimersByTime(40);
    paced.leave();
    vi.advanceTimersByTime(20);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(940);
    const frames: number[] = [];
    pacer.add((frame) => frames.push(frame));
    vi.advanceTimersByTime(20);
    expect(frames).toEqual([50.25]);
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
