import { readdir, readFile } from 'node:fs/promises';

/** proc(5): times are in ticks of 1/100 s, on every Linux that Node runs on. */
const TICK_MS = 10;
const UTIME = 13;
const STIME = 14;

export interface ProcessCost {
  /** CPU of all threads, user and system, those that are gone included; milliseconds. */
  readonly cpu: number;
  /** Of the thread that runs JavaScript. */
  readonly mainThread: number;
  /** Megabytes. */
  readonly rss: number;
}

/** What a process has cost so far. Linux only. */
export async function costOf(pid: number): Promise<ProcessCost> {
  const [whole, main, status] = await Promise.all(
    [`/proc/${pid}/stat`, `/proc/${pid}/task/${pid}/stat`, `/proc/${pid}/status`].map(async (file) =>
      readFile(file, 'utf8'),
    ),
  );
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status ?? '')?.[1]);
  return { cpu: ticksIn(whole ?? '') * TICK_MS, mainThread: ticksIn(main ?? '') * TICK_MS, rss: kilobytes / 1024 };
}

/** CPU by the name of the thread, milliseconds; threads that are gone are missing. */
export async function threadsOf(pid: number): Promise<Readonly<Record<string, number>>> {
  const cost: Record<string, number> = {};
  for (const task of await readdir(`/proc/${pid}/task`)) {
    // A thread may end between the two readings.
    const stat = await readFile(`/proc/${pid}/task/${task}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) continue;
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    cost[name] = (cost[name] ?? 0) + ticksIn(stat) * TICK_MS;
  }
  return cost;
}

function ticksIn(stat: string): number {
  // The name in brackets may have spaces in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 2]);
  return field(UTIME) + field(STIME);
}
