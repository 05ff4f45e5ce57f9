import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveFeed } from '../../../server/live/live-feed.ts';
import type { Verification } from '../../../server/verification/verification.ts';
import { aVerification } from '../../fakes/a-verification.ts';

const at = (revision: number, fields: Partial<Verification> = {}): Verification =>
  aVerification({ revision, ...fields });
const OVER = { status: 'failed', call: { ...aVerification().call, state: 'ended', outcome: 'busy' } } as const;

/** The ids in what a stream has to say now. */
function idsIn(stream: Readable | undefined): number[] {
  const text = String(stream?.read() ?? '');
  return [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}

describe('the live feed', () => {
  let feed: LiveFeed;

  beforeEach(() => {
    vi.useFakeTimers();
    feed = new LiveFeed({ view: ({ revision }) => ({ revision }), heartbeatEvery: 15_000, rememberFor: 60_000 });
  });
  afterEach(() => {
    feed.close();
    vi.useRealTimers();
  });

  it('sends each event as id, name and data', () => {
    const text = String(feed.open(at(3))?.read());
    expect(text).toBe('retry: 1000\n\nid: 3\nevent: verification\ndata: {"revision":3}\n\n');
  });

  it('sends what was published after the reader came, once each', () => {
    const stream = feed.open(at(0));
    feed.publish(at(1));
    feed.publish(at(1));
    feed.publish(at(2));
    expect(idsIn(stream)).toEqual([0, 1, 2]);
  });

  it('starts from the log when the store was read a moment too early', () => {
    feed.publish(at(1));
    feed.publish(at(2));
    expect(idsIn(feed.open(at(1)))).toEqual([2]);
  });

  it('tells those who listen of a state that a new reader brings from the store', () => {
    const early = feed.open(at(0));
    feed.open(at(1));
    expect(idsIn(early)).toEqual([0, 1]);
  });

  it('replays what a reader has missed', () => {
    for (const revision of [0, 1, 2, 3]) feed.publish(at(revision));
    expect(idsIn(feed.open(at(3), 1))).toEqual([2, 3]);
  });

  it('goes on from the store after a restart', () => {
    expect(idsIn(feed.open(at(9), 4))).toEqual([9]);
    expect(idsIn(feed.open(at(9), 9))).toEqual([]);
  });

  it('keeps verifications apart', () => {
    const stream = feed.open(at(0));
    feed.publish(at(1, { id: 'ver_other' }));
    expect(idsIn(stream)).toEqual([0]);
  });

  it('ends the stream with the last event', async () => {
    const stream = feed.open(at(0));
    const ended = vi.fn<() => void>();
    stream?.on('end', ended).resume();
    feed.publish(at(1, { ...OVER, call: { ...OVER.call, state: 'verdict' } }));
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).not.toHaveBeenCalled();
    feed.publish(at(2, OVER));
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('has nothing for a reader that has seen the end', () => {
    feed.publish(at(5, OVER));
    expect(feed.open(at(5, OVER), 5)).toBeUndefined();
  });

  it('beats every 15 seconds', async () => {
    const stream = feed.open(at(0));
    stream?.read();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(String(stream?.read())).toMatch(/^:.*\n\n$/);
  });

  it('drops a reader that takes nothing from one beat to the next', async () => {
    const stream = feed.open(at(0));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(stream?.destroyed).toBe(true);
  });

  it('drops a reader that leaves too much unread', () => {
    const wordy = new LiveFeed({ view: () => 'x'.repeat(50_000) });
    const stream = wordy.open(at(0));
    for (const revision of [1, 2, 3]) wordy.publish(at(revision));
    expect(stream?.destroyed).toBe(true);
    wordy.close();
  });

  it('lets the oldest reader go when there are too many', async () => {
    const streams = Array.from({ length: 9 }, () => feed.open(at(0)));
    const ended = vi.fn<() => void>();
    for (const stream of streams) stream?.on('end', ended).resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toHaveBeenCalledOnce();
    expect(streams[0]?.readableEnded).toBe(true);
  });

  it('forgets a verification some time after its end', async () => {
    feed.publish(at(0));
    feed.publish(at(1, OVER));
    expect(feed.remembered).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(feed.remembered).toBe(0);
  });

  it('ends every stream when it is closed, also twice', async () => {
    const stream = feed.open(at(0));
    stream?.resume();
    feed.close();
    feed.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(stream?.readableEnded).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
