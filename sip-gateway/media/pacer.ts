/** One frame of a telephone call, milliseconds. */
export const FRAME_MS = 20;
/** Samples in a frame at 8 kHz. */
export const FRAME_SAMPLES = 160;

/** After a longer stall frames are left out: a burst would only make the other side's jitter buffer drop them. */
const MAX_CATCH_UP = 5;

/** Called once per frame time with the number of frames since the clock began; it leaps after a long stall. */
export type Tick = (frame: number) => void;

export interface Pacer {
  /** Returns the undo. */
  add(tick: Tick): () => void;
  /** The frame that is due now. */
  frame(): number;
  readonly size: number;
  close(): void;
}

export interface PacerOptions {
  /** Milliseconds that never go back, with fractions; performance.now() unless told otherwise. */
  readonly now?: () => number;
  /** Called with what a tick threw; the others go on. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * The one 20 ms clock of all calls. Its schedule is absolute, so a late timer makes one frame late and does not
 * move the ones after it. It stands still while nobody listens.
 */
export function createPacer({ now = () => performance.now(), onFault = () => {} }: PacerOptions = {}): Pacer {
  const ticks = new Set<Tick>();
  const begin = now();
  let timer: NodeJS.Timeout | undefined;
  let next = 0;

  const frame = (): number => Math.floor((now() - begin) / FRAME_MS);

  function schedule(): void {
    // Node's timers fire up to a millisecond early; rounding up keeps a frame from being counted before its time.
    timer = setTimeout(run, Math.max(0, Math.ceil(begin + next * FRAME_MS - now())));
  }

  function run(): void {
    const due = frame();
    if (due - next >= MAX_CATCH_UP) next = due;
    for (; next <= due && ticks.size > 0; next += 1) {
      for (const tick of ticks) {
        try {
          tick(next);
        } catch (error) {
          onFault(error);
        }
      }
    }
    if (ticks.size > 0) schedule();
    else timer = undefined;
  }

  return {
    frame,
    get size() {
      return ticks.size;
    },
    add(tick) {
      ticks.add(tick);
      if (timer === undefined) {
        next = frame() + 1;
        schedule();
      }
      return () => {
        ticks.delete(tick);
      };
    },
    close() {
      ticks.clear();
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
