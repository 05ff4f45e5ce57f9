import { collectGarbage } from '../support/collect-garbage.ts';

/** Megabytes. */
export interface Memory {
  readonly heap: number;
  readonly rss: number;
}

/** What this process holds once everything that nobody needs was thrown away. */
export function memory(): Memory {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20 };
}
