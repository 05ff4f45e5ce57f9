import type { Key } from '../scripts/call-script.ts';
import { fitTwoTones, type TwoToneFit } from './two-tone-fit.ts';

const SAMPLE_RATE = 8000;
const LOW = [697, 770, 852, 941].map(radians);
const HIGH = [1209, 1336, 1477, 1633].map(radians);
/** ITU-T Q.23. */
const KEYS = ['123A', '456B', '789C', '*0#D'];

/** The detector moves in steps of 5 ms: a tone of 40 ms holds at least seven whole ones, whatever its start. */
const STEP = 40;
/** Steps remembered: 60 ms. */
const STEPS = 12;
/** Steps of evidence that are fitted at once: 20 ms. */
const WINDOW = 4;
/** Mean square of a sine of -42 dBm0 (full scale is +3.14 dBm0, ITU-T G.711): below it a step is silence. */
const FAINTEST = (32768 * 10 ** ((-42 - 3.14) / 20)) ** 2 / 2;
/** Marks a step that was lost. */
const LOST = -1;
/** The share of the energy at the two nominal frequencies below which no pair of tones can be there; leakage and 1.5 % off leave more. */
const WORTH_A_FIT = 0.3;
/**
 * What the two waves must explain. White noise at 15 dB SNR leaves 97 % on average, G.711 more; of speech, some vowels
 * come to 94 % for as long as a key. Beside a loss there is less to go by, and less speech that could be mistaken.
 */
const EXPLAINED = 0.95;
const EXPLAINED_BESIDE_LOSS = 0.8;
/** ITU-T Q.24: accept 1.5 %, reject 3.5 %. */
const OFF_FREQUENCY = 0.025;
/** Twist of 8 dB either way, with a margin for noise. */
const TWIST = 10 ** (9.5 / 10);
/** Windows that must agree before a key counts (they overlap: 4 + 2 steps are 30 ms). */
const HITS = 3;
/** Steps without the tone after which a press is over: 15 ms. */
const RELEASE = 3;

export interface ToneDetectorOptions {
  /** Called once per press, as soon as it is certain. */
  readonly onKey: (key: Key) => void;
}

/**
 * Hears DTMF in audio (ITU-T Q.23, Q.24): 8 kHz samples in, one call per key press out. Silence costs a sum of
 * squares; audio costs eight short correlations per 5 ms; only what looks like a pair of tones is fitted.
 */
export class ToneDetector {
  readonly #onKey: (key: Key) => void;
  readonly #samples = new Float64Array(STEPS * STEP);
  readonly #holes = new Uint8Array(STEPS * STEP).fill(1);
  /** Energy per remembered step, or LOST. */
  readonly #energies = new Float64Array(STEPS).fill(LOST);
  #filled = 0;
  #candidate: Key | undefined;
  #hits = 0;
  #held: Key | undefined;
  #released = 0;
  #lostRun = 0;
  #odd = false;

  constructor({ onKey }: ToneDetectorOptions) {
    this.#onKey = onKey;
  }

  /** The key that is being heard now. */
  get held(): Key | undefined {
    return this.#held;
  }

  /** The next samples, 16 bit linear; any number of them. */
  push(samples: Int16Array): void {
    let taken = 0;
    while (taken < samples.length) {
      if (this.#filled === 0) this.#shift();
      const count = Math.min(STEP - this.#filled, samples.length - taken);
      const at = (STEPS - 1) * STEP + this.#filled;
      for (let i = 0; i < count; i += 1) this.#samples[at + i] = samples[taken + i] ?? 0;
      this.#filled += count;
      taken += count;
      if (this.#filled === STEP) {
        this.#filled = 0;
        this.#step();
      }
    }
  }

  /** That many samples were lost on the way: they neither start, nor split, nor end a press. */
  lose(samples: number): void {
    this.#filled = 0;
    if (this.#lostRun === 0) this.#decideBeforeLoss();
    const steps = Math.min(Math.round(samples / STEP), STEPS);
    for (let i = 0; i < steps; i += 1) {
      this.#shift();
      this.#lostRun += 1;
    }
    // A hole as long as all we remember: what was held is over.
    if (this.#lostRun >= STEPS) {
      this.#held = undefined;
      this.#candidate = undefined;
    }
  }

  #shift(): void {
    this.#samples.copyWithin(0, STEP);
    this.#holes.copyWithin(0, STEP);
    this.#energies.copyWithin(0, 1);
    this.#samples.fill(0, (STEPS - 1) * STEP);
    this.#holes.fill(1, (STEPS - 1) * STEP);
    this.#energies[STEPS - 1] = LOST;
  }

  #step(): void {
    const start = (STEPS - 1) * STEP;
    let energy = 0;
    for (let i = start; i < start + STEP; i += 1) energy += (this.#samples[i] ?? 0) ** 2;
    this.#energies[STEPS - 1] = energy;
    this.#holes.fill(0, start);
    this.#lostRun = 0;
    if (energy < FAINTEST * STEP) {
      this.#noTone();
      return;
    }
    this.#odd = !this.#odd;
    if (this.#odd && this.#isIdle()) return;
    const heard = this.#hear();
    if (heard === undefined) this.#noTone();
    else this.#tone(heard.key, heard.certain);
  }

  /** What follows may never come: the last 15 ms must do. */
  #decideBeforeLoss(): void {
    if (this.#held !== undefined || this.#energies[STEPS - 1] === LOST) return;
    const heard = this.#hearIn(WINDOW - 1, true);
    if (heard) this.#tone(heard.key, true);
  }

  /** While nothing is afoot every second step is looked at: a tone of 40 ms still has two windows of its own. */
  #isIdle(): boolean {
    return this.#held === undefined && this.#candidate === undefined && !this.#lostWithin(WINDOW);
  }

  #tone(key: Key, certain: boolean): void {
    if (key === this.#held) {
      this.#released = 0;
      return;
    }
    if (key === this.#candidate) this.#hits += 1;
    else {
      this.#candidate = key;
      this.#hits = 1;
    }
    this.#release();
    if (this.#hits < HITS && !certain) return;
    this.#held = key;
    this.#released = 0;
    this.#candidate = undefined;
    this.#onKey(key);
  }

  #noTone(): void {
    this.#candidate = undefined;
    this.#release();
  }

  #release(): void {
    if (this.#held === undefined) return;
    this.#released += 1;
    if (this.#released >= RELEASE) this.#held = undefined;
  }

  /** The key that the newest steps hold, if they hold one. */
  #hear(): { readonly key: Key; readonly certain: boolean } | undefined {
    const heard = this.#hearIn(WINDOW);
    if (heard || !this.#lostWithin(WINDOW)) return heard;
    return this.#hearIn(WINDOW - 1);
  }

  #lostWithin(steps: number): boolean {
    return this.#energies.subarray(STEPS - 2 * steps - 1).some((energy) => energy === LOST);
  }

  #hearIn(steps: number, beforeLoss = false): { readonly key: Key; readonly certain: boolean } | undefined {
    let first = STEPS;
    let have = 0;
    let energy = 0;
    while (first > 0 && have < steps) {
      first -= 1;
      const ofStep = this.#energies[first] ?? LOST;
      if (ofStep === LOST) continue;
      if (ofStep < FAINTEST * STEP) return undefined;
      have += 1;
      energy += ofStep;
    }
    if (have < steps) return undefined;
    const nearLoss = beforeLoss || STEPS - first > steps || (first > 0 && this.#energies[first - 1] === LOST);
    if (steps < WINDOW && !nearLoss) return undefined;

    const samples = this.#samples.subarray(first * STEP);
    const floor = (WORTH_A_FIT * energy * have * STEP) / 2;
    if (this.#held !== undefined && holds(samples, this.#held, floor)) return { key: this.#held, certain: true };
    const low = loudest(samples, LOW);
    const high = loudest(samples, HIGH);
    const key = KEYS[low.index]?.[high.index];
    if (key === undefined || key === this.#held || low.power + high.power < floor) return undefined;
    const holes = this.#holes.subarray(first * STEP);
    const fit = fitTwoTones(samples, holes, { low: low.frequency, high: high.frequency });
    const isThere = fit.explained > (nearLoss ? EXPLAINED_BESIDE_LOSS : EXPLAINED) && isPair(fit, low, high);
    return isThere ? { key, certain: nearLoss } : undefined;
  }
}

/** Whether a key that was heard is still held: cheaper than looking for all. */
function holds(samples: Float64Array, key: Key, floor: number): boolean {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  const column = KEYS[row]?.indexOf(key) ?? 0;
  return goertzel(samples, LOW[row] ?? 0) + goertzel(samples, HIGH[column] ?? 0) > floor;
}

function isPair(fit: TwoToneFit, low: Loudest, high: Loudest): boolean {
  return (
    Math.abs(fit.low / low.frequency - 1) < OFF_FREQUENCY &&
    Math.abs(fit.high / high.frequency - 1) < OFF_FREQUENCY &&
    fit.lowPower < fit.highPower * TWIST &&
    fit.highPower < fit.lowPower * TWIST
  );
}

interface Loudest {
  readonly index: number;
  readonly frequency: number;
  readonly power: number;
}

function loudest(samples: Float64Array, frequencies: readonly number[]): Loudest {
  let best: Loudest = { index: 0, frequency: 0, power: -1 };
  for (const [index, frequency] of frequencies.entries()) {
    const power = goertzel(samples, frequency);
    if (power > best.power) best = { index, frequency, power };
  }
  return best;
}

/** G. Goertzel, 1958: the power of one frequency with one multiplication a sample. */
function goertzel(samples: Float64Array, frequency: number): number {
  const factor = 2 * Math.cos(frequency);
  let one = 0;
  let two = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const next = (samples[i] ?? 0) + factor * one - two;
    two = one;
    one = next;
  }
  return one * one + two * two - factor * one * two;
}

function radians(hertz: number): number {
  return (2 * Math.PI * hertz) / SAMPLE_RATE;
}
