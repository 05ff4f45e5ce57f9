/** What one bench found out; each `test/bench/<name>.bench.ts` exports `run(): Promise<Figures>`. */
export interface Figures {
  readonly name: string;
  /** One line of the table each; the first one's keys are the columns. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly aims: readonly Aim[];
}

export interface Aim {
  readonly what: string;
  readonly measured: number;
  /** Met from here on (`at-least`) or up to here (`at-most`). */
  readonly bound: 'at-least' | 'at-most';
  readonly aim: number;
}

export function isMet({ measured, bound, aim }: Aim): boolean {
  return bound === 'at-least' ? measured >= aim : measured <= aim;
}

/** The value below which this share of the sorted values lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
