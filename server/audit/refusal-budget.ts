import type { AuditFields } from './audit-line.ts';

/** Who is refused so often could fill the disk with the record of it. */
const A_SECOND = 50;
/** Whoever is refused by the thousand must not crowd out the record of what others were refused. */
const A_SECOND_FROM_ONE_ADDRESS = 10;

/** Which refusals are recorded one by one; the others are counted. */
export class RefusalBudget {
  #second = 0;
  #refusals = 0;
  readonly #byAddress = new Map<string, number>();
  readonly #unrecorded = new Map<string, number>();

  /** How many were only counted, by their codes, once their second is over. */
  over(now: number): AuditFields | undefined {
    if (!this.#begin(now) || this.#unrecorded.size === 0) return undefined;
    const byCode = Object.fromEntries(this.#unrecorded);
    this.#unrecorded.clear();
    return { requests: Object.values(byCode).reduce((sum, requests) => sum + requests, 0), ...byCode };
  }

  /** Whether this one is recorded. `from` is an address, or whatever else one source of refusals is known by. */
  take(from: string, code: string): boolean {
    const ofAddress = (this.#byAddress.get(from) ?? 0) + 1;
    if (this.#refusals < A_SECOND && ofAddress <= A_SECOND_FROM_ONE_ADDRESS) {
      this.#refusals += 1;
      this.#byAddress.set(from, ofAddress);
      return true;
    }
    this.#unrecorded.set(code, (this.#unrecorded.get(code) ?? 0) + 1);
    return false;
  }

  /** False while it is the same second. */
  #begin(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second === this.#second) return false;
    this.#second = second;
    this.#refusals = 0;
    this.#byAddress.clear();
    return true;
  }
}
