import { VerificationError } from './errors.ts';
import type { Clock, InsertResult, VerificationStore } from './ports.ts';
import { isDue } from './transitions.ts';
import { Turns } from './turns.ts';
import { isFinal, settle, type Verification } from './verification.ts';

/** What a change makes of the verification as it stands; undefined when there is nothing to write. Throws to refuse. */
export type Decision = (current: Verification) => Verification | undefined;

export interface RecordsDeps {
  readonly store: VerificationStore;
  readonly now: Clock;
  /** Told of each stored change in the order of the revisions; must not throw. */
  readonly onStored: (verification: Verification, before: Verification | undefined) => void;
}

/** Another process may write too; within this one, turns leave nothing to conflict. */
const MAX_CONFLICTS = 20;
/** So many draws fail by chance only when nearly every code is in use. */
export const MAX_CODE_DRAWS = 100;

/** Reads, decides and writes verifications: one change at a time for each, none lost, expiry never missed. */
export class Records {
  readonly #deps: RecordsDeps;
  readonly #turns = new Turns();

  constructor(deps: RecordsDeps) {
    this.#deps = deps;
  }

  /** Adds a verification; `then` runs before anyone else can change it. */
  async insert(verification: Verification, then: () => void): Promise<InsertResult> {
    return this.#turns.take(verification.id, async () => {
      const result = await this.#deps.store.insert(verification);
      if (result === 'inserted') {
        this.#deps.onStored(verification, undefined);
        then();
      }
      return result;
    });
  }

  /**
   * Applies a decision, which is asked again whenever someone wrote in between or its new code was in use.
   * `then` runs after a write and before anyone else can change the verification.
   */
  async change(id: string, decide: Decision, then?: (stored: Verification) => void): Promise<Verification> {
    return this.#turns.take(id, async () => {
      const current = await this.#read(id);
      const stored = await this.#write(current, decide);
      if (stored === undefined) return current;
      then?.(stored);
      return stored;
    });
  }

  /** The verification as it stands now, expired if its time is up. */
  async get(id: string): Promise<Verification> {
    const found = await this.#find(id);
    return isDue(found, this.#deps.now()) ? this.change(id, () => undefined) : found;
  }

  async idle(): Promise<void> {
    await this.#turns.idle();
  }

  /** Whoever looks at a verification whose time is up makes it expire, whenever the next sweep may be. */
  async #read(id: string): Promise<Verification> {
    const found = await this.#find(id);
    if (!isDue(found, this.#deps.now())) return found;
    const expire: Decision = (current) => (isDue(current, this.#deps.now()) ? settle(current, 'expired') : undefined);
    return (await this.#write(found, expire)) ?? this.#find(id);
  }

  async #write(first: Verification, decide: Decision): Promise<Verification | undefined> {
    const { store, now, onStored } = this.#deps;
    let current = first;
    let conflicts = 0;
    let draws = 0;
    for (;;) {
      const decided = decide(current);
      if (decided === undefined) return undefined;
      const at = now();
      const settles = current.status === 'pending' && isFinal(decided.status);
      const next = { ...decided, updatedAt: at, ...(settles && { settledAt: at }) };
      const result = await store.replace(next);
      switch (result) {
        case 'replaced': {
          const stored = { ...next, revision: next.revision + 1 };
          onStored(stored, current);
          return stored;
        }
        case 'conflict':
          if (++conflicts >= MAX_CONFLICTS) {
            throw new VerificationError('verification_conflict', 'The verification keeps changing; try again');
          }
          current = await this.#find(current.id);
          break;
        case 'code-taken':
          if (++draws >= MAX_CODE_DRAWS) throw codesExhausted();
          break;
      }
    }
  }

  async #find(id: string): Promise<Verification> {
    const found = await this.#deps.store.find(id);
    if (!found) throw new VerificationError('verification_not_found', 'There is no such verification');
    return found;
  }
}

export function codesExhausted(): VerificationError {
  return new VerificationError('codes_exhausted', 'No code is free at the moment; try again soon', {
    retryAfterSeconds: 60,
  });
}
