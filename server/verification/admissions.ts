import type { Verdict } from './call.ts';
import { VerificationError } from './errors.ts';
import type { LineEvents } from './lines.ts';
import { MeteredEvents, type Meter, type MeteredCall } from './metered-events.ts';
import type { Admission, AdmissionDecision, CallAttempt, CalledPerson, Clock, IncomingCaller } from './ports.ts';
import { Turns } from './turns.ts';
import type { Verification } from './verification.ts';

const ADMIT_ALL: Admission = {
  admit: async () => ({ allowed: true }),
  ended: () => undefined,
  withdrawn: () => {},
  settled: () => {},
  mayAnswer: () => true,
  mayTry: async () => ({ allowed: true }),
  tried: async () => {},
};

export interface AdmissionsDeps {
  readonly admission: Admission | undefined;
  readonly now: Clock;
  readonly onError: (error: unknown, what: string) => void;
}

/** The verification unit's side of the rules: asks them, tells them, and turns their refusals into errors. */
export class Admissions {
  readonly #admission: Admission;
  readonly #meter: Meter;
  readonly #onError: AdmissionsDeps['onError'];
  readonly #tries = new Turns();

  constructor({ admission = ADMIT_ALL, now, onError }: AdmissionsDeps) {
    this.#admission = admission;
    this.#meter = { admission, now, counted: async (whom, verdict) => this.#counted(whom, verdict) };
    this.#onError = onError;
  }

  /** Places what `place` places, if the rules allow this call, and tells them where it was not placed after all. */
  async admit<T>(attempt: CallAttempt, place: () => Promise<T>): Promise<T> {
    refuse(await this.#admission.admit(attempt), '/to');
    try {
      return await place();
    } catch (error) {
      this.#admission.withdrawn(attempt);
      throw error;
    }
  }

  /** One typed code: tries of one number wait for each other, or a hundred at once would all find it untried. */
  async try(whom: CalledPerson, compare: () => Promise<Verification>): Promise<Verification> {
    return this.#tries.take(whom.to, async () => {
      refuse(await this.#admission.mayTry(whom.to));
      const compared = await compare();
      await this.#count(whom, compared.status === 'verified');
      return compared;
    });
  }

  mayAnswer(caller: IncomingCaller): boolean {
    return this.#admission.mayAnswer(caller);
  }

  /**
   * For a call that came in: it cost nothing, and any number of them may come, so that a code which is keyed there is
   * asked about before it is compared, as a typed one is.
   */
  judged(whom: CalledPerson, events: LineEvents): LineEvents {
    return {
      onProgress: (progress) => events.onProgress(progress),
      onReport: async () => events.onReport(),
      onEnded: (end) => events.onEnded(end),
      onLost: (outcome) => events.onLost(outcome),
      onCode: async (code, keyTiming) =>
        this.#tries.take(whom.to, async () => {
          const { allowed } = await this.#admission.mayTry(whom.to);
          if (!allowed) return 'locked';
          return this.#counted(whom, await events.onCode(code, keyTiming));
        }),
    };
  }

  /** What was decided stands and is told, also when a full disk cannot keep its count; it counts until the process ends. */
  async #count(whom: CalledPerson, right: boolean): Promise<void> {
    await this.#admission.tried(whom, right).catch((error: unknown) => this.#onError(error, 'counting a code'));
  }

  settled(verification: Verification): void {
    this.#admission.settled(verification);
  }

  metered(call: MeteredCall): LineEvents {
    return new MeteredEvents(call, this.#meter);
  }

  async #counted(whom: CalledPerson, verdict: Verdict): Promise<Verdict> {
    if (verdict === 'verified' || verdict === 'wrong-code' || verdict === 'locked') {
      await this.#count(whom, verdict === 'verified');
    }
    return verdict;
  }
}

function refuse(decision: AdmissionDecision, field?: '/to'): void {
  if (decision.allowed) return;
  const { code, words, retryAfterSeconds, rule } = decision;
  throw new VerificationError(code, words, {
    ...(field !== undefined && code === 'number_not_allowed' && { field }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(rule !== undefined && { rule }),
  });
}
