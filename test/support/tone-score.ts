import { PACKET, type PlayedTones } from './tone-line.ts';

export interface HeardKey {
  readonly key: string;
  /** Samples since the start, when the packet that brought certainty began. */
  readonly at: number;
}

export interface ToneScore {
  /** Share of the presses that were heard. */
  readonly heard: number;
  /** Digits that nobody pressed: a press heard twice, another key, or nothing at all. */
  readonly extra: number;
}

/** A key may be certain only when the silence after it is there: 50 ms. */
const LATEST = 50 * 8;

export function scoreOf({ presses }: Pick<PlayedTones, 'presses'>, keys: readonly HeardKey[]): ToneScore {
  const hits = new Set<number>();
  let extra = 0;
  for (const { key, at } of keys) {
    const press = presses.findLast((one) => one.key === key && at + PACKET > one.start && at < one.end + LATEST);
    if (!press || hits.has(press.start)) extra += 1;
    else hits.add(press.start);
  }
  return { heard: hits.size / presses.length, extra };
}
