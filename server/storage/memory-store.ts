import type { InsertResult, ListQuery, ReplaceResult, VerificationStore } from '../verification/ports.ts';
import type { Verification } from '../verification/verification.ts';
import { isPurgeable } from './is-purgeable.ts';
import { VerificationIndex } from './verification-index.ts';

/** Forgets everything when the process ends. */
export class MemoryStore implements VerificationStore {
  readonly #index = new VerificationIndex();

  async insert(verification: Verification): Promise<InsertResult> {
    const obstacle = this.#index.obstacle(verification);
    if (obstacle) return obstacle;
    this.#index.put(verification);
    return 'inserted';
  }

  async find(id: string): Promise<Verification | undefined> {
    return this.#index.get(id);
  }

  async findLive(relyingParty: string, to: string): Promise<Verification | undefined> {
    return this.#index.live(relyingParty, to);
  }

  async findDialIn(dialIn: string, to: string): Promise<Verification | undefined> {
    return this.#index.dialIn(dialIn, to);
  }

  async findByIdempotencyKey(relyingParty: string, keyHash: string): Promise<Verification | undefined> {
    return this.#index.byIdempotencyKey(relyingParty, keyHash);
  }

  async replace(next: Verification): Promise<ReplaceResult> {
    const current = this.#index.get(next.id);
    if (current?.revision !== next.revision) return 'conflict';
    if (this.#index.obstacle(next)) return 'code-taken';
    this.#index.put({ ...next, revision: next.revision + 1 });
    this.#index.release(next.id, next.revision + 1);
    return 'replaced';
  }

  async list(query: ListQuery): Promise<readonly Verification[]> {
    return this.#index.list(query);
  }

  async pending(filter: { readonly expiredBy?: number } = {}): Promise<readonly Verification[]> {
    return this.#index.pending(filter.expiredBy);
  }

  async inCall(): Promise<readonly Verification[]> {
    return this.#index.inCall();
  }

  async purge(finishedBefore: number): Promise<number> {
    return this.#remove((each) => isPurgeable(each, finishedBefore));
  }

  async erase(to: string, relyingParty?: string): Promise<number> {
    return this.#remove((each) => each.to === to && (relyingParty ?? each.relyingParty) === each.relyingParty);
  }

  #remove(isOld: (verification: Verification) => boolean): number {
    const old = [...this.#index.all()].filter(isOld);
    for (const { id } of old) this.#index.remove(id);
    return old.length;
  }

  async close(): Promise<void> {}
}
