const LOW = [697, 770, 852, 941] as const;
const HIGH = [1209, 1336, 1477] as const;
const KEYS = ['123', '456', '789', '*0#'] as const;

/** The two frequencies of a key in hertz (ITU-T Q.23). */
export function keyTones(key: string): readonly [number, number] | undefined {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  const low = LOW[row];
  const high = HIGH[KEYS[row]?.indexOf(key) ?? -1];
  return key.length === 1 && low !== undefined && high !== undefined ? [low, high] : undefined;
}
