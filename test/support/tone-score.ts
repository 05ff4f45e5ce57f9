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

/** A key may be certain only when the silence after it is there, and packets after lost ones wait for those: 130 ms. */
const LATEST = 130 * 8;

export function scoreOf({ presses }: Pick<PlayedTones, 'presses'>, keys: readonly HeardKey[]): ToneScore {
  const hits = new Set<number>();
  let extra = 0;
  for (const { key, at } of keys) {
    const press = presses.find(
      (one) => one.key === key && !hits.has(one.start) && at + PACKET > one.start && at < one.end + LATEST,
    );
    if (press) hits.add(press.start);
    else extra += 1;
  }
  return { heard: hits.size / presses.length, extra };
}
