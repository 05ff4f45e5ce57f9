/** How long to wait before the next start of something that keeps dying; milliseconds. */
export interface BackOffLimits {
  readonly first: number;
  readonly most: number;
  /** Having lived this long, it is well again. */
  readonly healthyAfter: number;
}

export const RESTART_LIMITS: BackOffLimits = { first: 500, most: 30_000, healthyAfter: 60_000 };

/** Doubles the wait with every death in a row. */
export class BackOff {
  readonly #limits: BackOffLimits;
  #deaths = 0;

  constructor(limits: BackOffLimits) {
    this.#limits = limits;
  }

  next(livedFor: number): number {
    const { first, most, healthyAfter } = this.#limits;
    if (livedFor >= healthyAfter) this.#deaths = 0;
    const wait = Math.min(most, first * 2 ** this.#deaths);
    this.#deaths += 1;
    return wait;
  }
}
