const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [10 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR] as const;

/**
 * Seconds for Retry-After: never too short, and so coarse that it does not tell when somebody else was called at
 * this number.
 */
export function coarseWait(ms: number): number {
  const step = STEPS.find((each) => ms <= each) ?? Math.ceil(ms / HOUR) * HOUR;
  return step / SECOND;
}
