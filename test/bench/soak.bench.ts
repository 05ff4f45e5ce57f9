import { soak } from '../soak/soak.ts';
import { rounded, type Aim, type Figures } from './figures.ts';

const CALLS = 2_000;
const AT_ONCE = 40;
const SEED = 1;
/** Megabytes from the first quarter to the end; a verification that is not forgotten takes one kilobyte. */
const HEAP_GROWTH = 2;

/** Two thousand calls, most of them with a fault at a moment of its own, and what is left of them. */
export async function run(): Promise<Figures> {
  const begin = performance.now();
  const { calls, faults, ends, before, after, pending, inCall, complaints, memory } = await soak({
    calls: CALLS,
    atOnce: AT_ONCE,
    seed: SEED,
  });
  return {
    name: 'soak',
    rows: [
      { what: 'calls', count: calls },
      { what: 'seconds', count: rounded((performance.now() - begin) / 1_000, 0) },
      ...Object.entries(ends).map(([what, count]) => ({ what: `ended: ${what}`, count })),
      ...Object.entries(faults).map(([what, count]) => ({ what: `fault: ${what}`, count })),
      ...memory.map(({ heap, rss }, n) => ({
        what: `heap and RSS after quarter ${n + 1}, MB`,
        count: `${rounded(heap)} ${rounded(rss)}`,
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
    ],
  };
}

function none(what: string, measured: number): Aim {
  return { what, measured, bound: 'at-most', aim: 0 };
}
