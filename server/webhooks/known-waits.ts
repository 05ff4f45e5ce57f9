import { VerificationError } from '../verification/errors.ts';

/** The waits that visitors are told are coarse: whoever asks again after the true one is not refused for the rest. */
const LONGEST_WAIT = 10_000;
const MAX_WAITS = 10_000;

/** Those whom the rules have told to wait are told so again, without anybody being asked. */
export class KnownWaits {
  readonly #now: () => number;
  readonly #waits = new Map<string, { readonly until: number; readonly refusal: VerificationError }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws VerificationError as it was refused before */
  refuse(id: string): void {
    const known = this.#waits.get(id);
    if (known && this.#now() < known.until) throw known.refusal;
    this.#waits.delete(id);
  }

  async heed<T>(id: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof VerificationError && error.code === 'rate_limited') this.#remember(id, error);
      throw error;
    }
  }

  #remember(id: string, refusal: VerificationError): void {
    const { retryAfterSeconds = 0 } = refusal;
    this.#waits.set(id, { refusal, until: this.#now() + Math.min(retryAfterSeconds * 1_000, LONGEST_WAIT) });
    const [oldest] = this.#waits.keys();
    if (this.#waits.size > MAX_WAITS && oldest !== undefined) this.#waits.delete(oldest);
  }
}
