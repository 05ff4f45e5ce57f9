import { soak } from '../soak/soak.ts';
import { memoryOfCalls } from './calls/memory-of-calls.ts';
import { rounded, type Aim, type Figures } from './figures.ts';

const CALLS = 2_000;
const AT_ONCE = 40;
const SEED = 1;
/** Megabytes from the first quarter to the end; a verification that is not forgotten takes one kilobyte. */
const HEAP_GROWTH = 2;
const PLAIN = { calls: 4_000, perSecond: 40 } as const;
/** Kilobytes for each call; peers that are not let go of after their calls take 12 to 26. */
const PLAIN_GROWTH = 10;

/**
 * Two thousand calls, most of them with a fault at a moment of its own, and what is left of them; then calls without a
 * fault, which show what the voice server's own process keeps.
 */
export async function run(): Promise<Figures> {
  const begin = performance.now();
  const { calls, faults, ends, before, after, pending, inCall, complaints, memory } = await soak({
    calls: CALLS,
    atOnce: AT_ONCE,
    seed: SEED,
  });
  const seconds = rounded((performance.now() - begin) / 1_000, 0);
  const plain = await memoryOfCalls(PLAIN);
  return {
    name: 'soak',
    rows: [
      { what: 'calls', count: calls },
      { what: 'seconds', count: seconds },
      ...Object.entries(ends).map(([what, count]) => ({ what: `ended: ${what}`, count })),
      ...Object.entries(faults).map(([what, count]) => ({ what: `fault: ${what}`, count })),
      ...memory.map(({ heap, rss }, n) => ({
        what: `heap and RSS after quarter ${n + 1}, MB`,
        count: `${rounded(heap)} ${rounded(rss)}`,
      })),
      { what: 'plain calls', count: PLAIN.calls },
      ...plain.voiceServer.map((rss, n) => ({
        what: `RSS of the voice server and of the phones after quarter ${n + 1} of them, MB`,
        count: `${rounded(rss)} ${rounded(plain.phones[n] ?? 0)}`,
      })),
      ...complaints.slice(0, 10).map((what) => ({ what, count: 1 })),
    ],
    aims: [
      ...Object.entries(after).map(([what, count]) => none(`${what} left`, count - (before[what] ?? 0))),
      none('verifications without an end', pending),
      none('calls without an end', inCall),
      none('faults inside the product', complaints.length),
      {
        what: 'heap growth after the first quarter, MB',
        measured: rounded((memory.at(-1)?.heap ?? 0) - (memory[0]?.heap ?? 0)),
        bound: 'at-most',
        aim: HEAP_GROWTH,
      },
      none('plain calls that failed', plain.failed),
      {
        what: 'RSS growth of the voice server for a plain call of the second half, kB',
        measured: rounded(plain.growth),
        bound: 'at-most',
        aim: PLAIN_GROWTH,
      },
    ],
  };
}

function none(what: string, measured: number): Aim {
  return { what, measured, bound: 'at-most', aim: 0 };
}
