/** At most so many calls in so many seconds. */
export interface Window {
  readonly calls: number;
  readonly seconds: number;
}

/** How often a call may be placed; docs/rules.md has the reasons. */
export interface CallLimits {
  readonly number: readonly Window[];
  readonly user: readonly Window[];
  readonly address: readonly Window[];
  readonly range: readonly Window[];
  readonly gateway: readonly Window[];
  /** Calls that come in from one number and are answered. */
  readonly caller: readonly Window[];
  /** Calls at the same time. */
  readonly concurrent: number;
  /** Milliseconds that must lie between the n-th call to a number and the one after, within a day. */
  readonly delays: readonly number[];
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

export const DEFAULT_LIMITS: CallLimits = {
  number: [
    { calls: 3, seconds: 10 * MINUTE },
    { calls: 5, seconds: HOUR },
    { calls: 10, seconds: DAY },
  ],
  user: [
    { calls: 5, seconds: 10 * MINUTE },
    { calls: 10, seconds: HOUR },
    { calls: 20, seconds: DAY },
  ],
  address: [
    { calls: 6, seconds: 10 * MINUTE },
    { calls: 10, seconds: HOUR },
    { calls: 30, seconds: DAY },
  ],
  range: [
    { calls: 15, seconds: 10 * MINUTE },
    { calls: 40, seconds: HOUR },
    { calls: 150, seconds: DAY },
  ],
  gateway: [
    { calls: 60, seconds: MINUTE },
    { calls: 300, seconds: 10 * MINUTE },
    { calls: 1_000, seconds: HOUR },
    { calls: 5_000, seconds: DAY },
  ],
  caller: [
    { calls: 6, seconds: 10 * MINUTE },
    { calls: 15, seconds: HOUR },
    { calls: 40, seconds: DAY },
  ],
  concurrent: 50,
  delays: [30_000, 60_000, 120_000, 300_000, 900_000, 1_800_000, 3_600_000],
};

const UNITS = { s: 1, m: MINUTE, h: HOUR, d: DAY } as const;

/** `3/10m 5/1h 10/1d`, parted by spaces or commas; undefined when it is none. A window is a day at most. */
export function readWindows(text: string): readonly Window[] | undefined {
  const windows = text
    .trim()
    .split(/[\s,]+/)
    .map((part) => {
      const { calls, amount, unit } = /^(?<calls>\d{1,6})\/(?<amount>\d{1,5})(?<unit>[smhd])$/.exec(part)?.groups ?? {};
      const seconds = Number(amount) * (unit !== undefined && isUnit(unit) ? UNITS[unit] : Number.NaN);
      return seconds > 0 && seconds <= DAY && Number(calls) > 0 ? { calls: Number(calls), seconds } : undefined;
    });
  const good = windows.filter((window) => window !== undefined);
  return good.length === windows.length ? good : undefined;
}

function isUnit(text: string): text is keyof typeof UNITS {
  return text in UNITS;
}

/** `10 minutes`, `1 hour`. */
export function spanInWords(seconds: number): string {
  const [amount, unit] =
    seconds % DAY === 0
      ? [seconds / DAY, 'day']
      : seconds % HOUR === 0
        ? [seconds / HOUR, 'hour']
        : seconds % MINUTE === 0
          ? [seconds / MINUTE, 'minute']
          : [seconds, 'second'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
