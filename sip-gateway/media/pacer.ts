/** One frame of a telephone call, milliseconds. */
export const FRAME_MS = 20;
/** Samples in a frame at 8 kHz. */
export const FRAME_SAMPLES = 160;

/**
 * A frame time has so many places. Calls in different ones do not go out in one burst, and nobody waits for longer than
 * a quarter of a frame to begin; with more places an idle server would wake up for each call alone.
 */
const PLACES = 4;
const STEP_MS = FRAME_MS / PLACES;

/** A call waits this much longer for each that it need not go out with: in a burst the last is late, and so is all else. */
const CALL_MS = 0.05;

/** After a longer stall frames are left out: a burst would only make the other side's jitter buffer drop them. */
const MAX_CATCH_UP = 5;

/**
 * Called once per frame time with the number of frames since the clock began, which has the place in the frame as its
 * fraction; it leaps after a long stall.
 */
export type Tick = (frame: number) => void;

export interface Paced {
  /** Ticks from the next place of the frame time on, each 20 ms again: what begins now does not wait for its old place. */
  hasten(): void;
  /** Harmless when called twice. */
  leave(): void;
}

export interface Pacer {
  /** Ticks each 20 ms, from the next place of the frame time on. */
  add(tick: Tick): Paced;
  readonly size: number;
  close(): void;
}

export interface PacerOptions {
  /** Milliseconds that never go back, with fractions; performance.now() unless told otherwise. */
  readonly now?: () => number;
  /** Called with what a tick threw; the others go on. */
  readonly onFault?: (error: unknown) => void;
}

interface Member {
  readonly tick: Tick;
  /** The step from which on it ticks. */
  from: number;
}

/**
 * The one 20 ms clock of all calls. Its schedule is absolute, so a late timer makes one frame late and does not
 * move the ones after it. It stands still while nobody listens.
 */
export function createPacer({ now = () => performance.now(), onFault = () => {} }: PacerOptions = {}): Pacer {
  const places = Array.from({ length: PLACES }, () => new Set<Member>());
  const begin = now();
  let timer: NodeJS.Timeout | undefined;
  /** The step that `timer` waits for. */
  let awaited = Infinity;
  /** The first step that has not been run. */
  let next = 0;
  let running = false;

  const stepNow = (): number => Math.floor((now() - begin) / STEP_MS);
  const placeOf = (step: number): Set<Member> => places[step % PLACES] ?? new Set();
  const size = (): number => places.reduce((sum, place) => sum + place.size, 0);

  function schedule(): void {
    let step = next;
    while (step < next + PLACES && placeOf(step).size === 0) step += 1;
    if (step === awaited) return;
    clearTimeout(timer);
    awaited = step < next + PLACES ? step : Infinity;
    if (awaited === Infinity) return;
    // Node's timers fire up to a millisecond early; rounding up keeps a frame from being counted before its time.
    timer = setTimeout(run, Math.max(0, Math.ceil(begin + step * STEP_MS - now())));
  }

  function run(): void {
    awaited = Infinity;
    running = true;
    const due = stepNow();
    // Each one's last tick that was due, and no other.
    if (due - next >= MAX_CATCH_UP * PLACES) next = due - PLACES + 1;
    for (; next <= due; next += 1) {
      for (const member of placeOf(next)) {
        if (next < member.from) continue;
        try {
          member.tick(next / PLACES);
        } catch (error) {
          onFault(error);
        }
      }
    }
    running = false;
    schedule();
  }

  /** The step to begin with: the sooner it is, and the fewer calls go before, the better. */
  function bestStep(): number {
    const soonest = stepNow() + 1;
    const waits = Array.from(
      { length: PLACES },
      (_, later) => later * STEP_MS + placeOf(soonest + later).size * CALL_MS,
    );
    return soonest + waits.indexOf(Math.min(...waits));
  }

  function join(member: Member): void {
    if (size() === 0 && !running) next = stepNow() + 1;
    member.from = bestStep();
    placeOf(member.from).add(member);
    if (!running) schedule();
  }

  return {
    get size() {
      return size();
    },
    add(tick) {
      const member: Member = { tick, from: 0 };
      join(member);
      return {
        hasten() {
          if (placeOf(member.from).delete(member)) join(member);
        },
        leave() {
          placeOf(member.from).delete(member);
        },
      };
    },
    close() {
      for (const place of places) place.clear();
      clearTimeout(timer);
      awaited = Infinity;
    },
  };
}
