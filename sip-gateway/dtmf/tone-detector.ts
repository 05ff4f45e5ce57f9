import type { Key } from '../scripts/call-script.ts';
import { isOnePress } from './across-gap.ts';
import { goertzel } from './goertzel.ts';
import { pressBesideGap } from './press-beside-gap.ts';
import { EDGE } from './side-of-gap.ts';
import { FAINTEST, HIGH, KEYS, keyOfTones, LOW, tonesOf } from './tone-pairs.ts';
import { fitTwoTones } from './two-tone-fit.ts';

/** The detector moves in steps of 5 ms: a tone of 40 ms holds at least seven whole ones, whatever its start. */
const STEP = 40;
/** Steps remembered: 60 ms. */
const STEPS = 12;
/** Steps that are looked at on each side of a gap: 40 ms, as long as the shortest press. */
const SIDE = 8;
/** Steps of evidence that are fitted at once: 20 ms. */
const WINDOW = 4;
/** In samples: 100 ms, in which any press may have ended, and the same key may have been pressed again. */
const LONG_GAP = 800;
/** In samples: 400 ms. Nobody holds a key for so long without a reason, and its waves are too uncertain to follow. */
const LONGEST_HELD_GAP = 3200;
/** Marks a step that was lost. */
const LOST = -1;
/** The share of the energy at the two nominal frequencies below which no pair of tones can be there; leakage and 1.5 % off leave more. */
const WORTH_A_FIT = 0.3;
/**
 * What the two waves must explain. White noise at 15 dB SNR leaves 97 % on average, G.711 more; of speech, some vowels
 * come to 94 % for as long as a key.
 */
const EXPLAINED = 0.95;
/** Windows that must agree before a key counts (they overlap: 4 + 2 steps are 30 ms). */
const HITS = 3;
/** Steps without the tone after which a press is over: 15 ms. */
const RELEASE = 3;

const NO_HOLES = new Uint8Array(WINDOW * STEP);
const NOTHING = new Float64Array();

export interface ToneDetectorOptions {
  /** Called once per press, as soon as it is certain. */
  readonly onKey: (key: Key) => void;
}

interface OpenGap {
  readonly before: Float64Array;
  readonly missing: number;
  /** The key that was held up to it: a tone on that side has been told. */
  readonly held: Key | undefined;
  /** Nothing of a press is in it for certain: whatever follows is judged by itself, or is the held key. */
  readonly isLong: boolean;
  /** How many presses had been heard by then. */
  readonly heard: number;
}

/**
 * Hears DTMF in audio (ITU-T Q.23, Q.24): 8 kHz samples in, one call per key press out. Silence costs a sum of
 * squares; audio costs eight short correlations per 5 ms; only what looks like a pair of tones is fitted.
 * What is left of a press that a lost packet has cut is judged once both sides of the gap are known.
 */
export class ToneDetector {
  readonly #onKey: (key: Key) => void;
  readonly #samples = new Float64Array(STEPS * STEP);
  /** Energy per remembered step, or LOST. */
  readonly #energies = new Float64Array(STEPS).fill(LOST);
  #filled = 0;
  #candidate: Key | undefined;
  #hits = 0;
  #held: Key | undefined;
  #released = 0;
  #heard = 0;
  #gap: OpenGap | undefined;
  #stepsSinceGap = 0;
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

  /** That many samples were lost on the way, more than those lost just before: they neither start, nor split, nor end a press. */
  lose(more: number): void {
    const gap = this.#lastGap() ?? this.#newGap();
    const missing = gap.missing + more;
    const isLong = missing >= LONG_GAP;
    this.#gap = { ...gap, missing, isLong };
    if (isLong) {
      this.#forget(STEPS);
      this.#held = undefined;
    } else this.#forget(Math.min(Math.round(more / STEP), STEPS));
    this.#stepsSinceGap = 0;
  }

  /** The gap that goes on, as nothing has come since. */
  #lastGap(): OpenGap | undefined {
    return this.#stepsSinceGap === 0 ? this.#gap : undefined;
  }

  #newGap(): OpenGap {
    this.#judgeGap();
    const gap = { before: this.#knownSide(), missing: 0, held: this.#held, heard: this.#heard, isLong: false };
    if (this.#fell()) this.#held = undefined;
    return gap;
  }

  /** What comes next follows nothing. */
  beginAnew(): void {
    this.#forget(STEPS);
    this.#held = undefined;
    this.#judgeGap();
  }

  #forget(steps: number): void {
    this.#filled = 0;
    this.#candidate = undefined;
    for (let i = 0; i < steps; i += 1) this.#shift();
  }

  #shift(): void {
    this.#samples.copyWithin(0, STEP);
    this.#energies.copyWithin(0, 1);
    this.#samples.fill(0, (STEPS - 1) * STEP);
    this.#energies[STEPS - 1] = LOST;
  }

  #step(): void {
    let energy = 0;
    for (let i = (STEPS - 1) * STEP; i < STEPS * STEP; i += 1) energy += (this.#samples[i] ?? 0) ** 2;
    this.#energies[STEPS - 1] = energy;
    this.#look(energy);
    this.#stepsSinceGap += 1;
    if (this.#gap && this.#stepsSinceGap === SIDE) this.#judgeGap();
  }

  #look(energy: number): void {
    this.#odd = !this.#odd;
    const heard = energy < FAINTEST * STEP || (this.#odd && this.#isIdle()) ? undefined : this.#hear();
    if (heard === undefined) this.#noTone();
    else this.#tone(heard);
  }

  /** While nothing is afoot every second step is looked at: a tone of 40 ms still has two windows of its own. */
  #isIdle(): boolean {
    return this.#held === undefined && this.#candidate === undefined;
  }

  #tone(key: Key): void {
    if (key === this.#held) {
      this.#released = 0;
      return;
    }
    this.#hits = key === this.#candidate ? this.#hits + 1 : 1;
    this.#candidate = key;
    this.#release();
    if (this.#hits < HITS || this.#mayBeHeld(key)) return;
    this.#hold(key);
    this.#tell(key);
  }

  /** Was held up to a long gap: a little more of it must be known to tell whether it is pressed again. */
  #mayBeHeld(key: Key): boolean {
    return this.#gap?.isLong === true && this.#gap.held === key && this.#gap.missing <= LONGEST_HELD_GAP;
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

  #hold(key: Key): void {
    this.#held = key;
    this.#released = 0;
    this.#candidate = undefined;
  }

  #tell(key: Key): void {
    this.#heard += 1;
    this.#onKey(key);
  }

  /** Both sides of the gap are known as far as we look, or the next gap has come. */
  #judgeGap(): void {
    const gap = this.#gap;
    this.#gap = undefined;
    if (!gap || this.#held !== undefined || gap.heard !== this.#heard) return;
    const { before, missing, held, isLong } = gap;
    const after = this.#knownSide();
    if (isLong && held !== undefined && missing <= LONGEST_HELD_GAP && isOnePress({ before, missing, after }, held)) {
      this.#hold(held);
      return;
    }
    const press = pressBesideGap({ before: isLong ? NOTHING : before, missing, after });
    if (!press || (press.began && held !== undefined)) return;
    if (press.goesOn) this.#hold(press.key);
    this.#tell(press.key);
  }

  /** The newest samples, back to the last gap, and no more than one side. */
  #knownSide(): Float64Array {
    let first = STEPS;
    while (first > STEPS - SIDE && this.#energies[first - 1] !== LOST) first -= 1;
    return this.#samples.slice(first * STEP);
  }

  /** Whether what sounded has ended within the last 20 ms: too late for a release, and the next press may begin in the gap. */
  #fell(): boolean {
    const last = this.#energies[STEPS - 1] ?? LOST;
    return last !== LOST && last * EDGE < Math.max(...this.#energies.subarray(STEPS - WINDOW - 1));
  }

  /** The key that the newest steps hold, if they hold one. After a gap it takes a whole window to find one, and less to know one again. */
  #hear(): Key | undefined {
    let first = STEPS;
    let energy = 0;
    while (first > STEPS - WINDOW) {
      const ofStep = this.#energies[first - 1] ?? LOST;
      if (ofStep === LOST) break;
      if (ofStep < FAINTEST * STEP) return undefined;
      energy += ofStep;
      first -= 1;
    }
    const samples = this.#samples.subarray(first * STEP);
    const floor = (WORTH_A_FIT * energy * samples.length) / 2;
    if (this.#held !== undefined && holds(samples, this.#held, floor)) return this.#held;
    return samples.length === WINDOW * STEP ? find(samples, floor, this.#held) : undefined;
  }
}

/** Whether a key that was heard is still held: cheaper than looking for all. */
function holds(samples: Float64Array, key: Key, floor: number): boolean {
  const { low, high } = tonesOf(key);
  return goertzel(samples, low) + goertzel(samples, high) > floor;
}

/** Another key than the one that is held. */
function find(samples: Float64Array, floor: number, held: Key | undefined): Key | undefined {
  const low = loudest(samples, LOW);
  const high = loudest(samples, HIGH);
  const key = KEYS[low.index]?.[high.index];
  if (key === undefined || key === held || low.power + high.power < floor) return undefined;
  const fit = fitTwoTones(samples, NO_HOLES, { low: low.frequency, high: high.frequency });
  return fit.explained > EXPLAINED && keyOfTones(fit) === key ? key : undefined;
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
