import type { Key } from '../scripts/call-script.ts';
import type { TwoToneFit } from './two-tone-fit.ts';

const SAMPLE_RATE = 8000;
/** ITU-T Q.23, radians per sample. */
export const LOW = [697, 770, 852, 941].map(radians);
export const HIGH = [1209, 1336, 1477, 1633].map(radians);
export const KEYS = ['123A', '456B', '789C', '*0#D'];

/** Mean square of a sine of -42 dBm0 (full scale is +3.14 dBm0, ITU-T G.711): what is fainter is silence. */
export const FAINTEST = (32768 * 10 ** ((-42 - 3.14) / 20)) ** 2 / 2;
/** ITU-T Q.24: accept 1.5 %, reject 3.5 %. */
const OFF_FREQUENCY = 0.025;
/** Twist of 8 dB either way, with a margin for what noise 15 dB below does to the weaker tone within 20 ms. */
const TWIST = 10 ** (10.5 / 10);

/** The nominal pair of a key, radians per sample. */
export function tonesOf(key: Key): { readonly low: number; readonly high: number } {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  return { low: LOW[row] ?? 0, high: HIGH[KEYS[row]?.indexOf(key) ?? 0] ?? 0 };
}

/** The key whose pair of tones this is, if it is one. */
export function keyOfTones({ low, high, lowPower, highPower }: TwoToneFit): Key | undefined {
  const row = LOW.findIndex((nominal) => Math.abs(low / nominal - 1) < OFF_FREQUENCY);
  const column = HIGH.findIndex((nominal) => Math.abs(high / nominal - 1) < OFF_FREQUENCY);
  const isTwisted = lowPower > highPower * TWIST || highPower > lowPower * TWIST;
  return isTwisted ? undefined : KEYS[row]?.[column];
}

function radians(hertz: number): number {
  return (2 * Math.PI * hertz) / SAMPLE_RATE;
}
