const FIRST = 500;
const LONGEST = 10_000;

/**
 * How long to wait before try number `attempt` (0 for the first again), in milliseconds: doubling, and spread by
 * chance so that the pages of a restarted server do not all come back at once.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** attempt);
  return longest / 2 + (longest / 2) * random();
}
