import type { ListQuery } from '../verification/ports.ts';
import type { Verification } from '../verification/verification.ts';

/** What a verification occupies (a number, a code, an idempotency key), with the last revision that claimed it. */
type Slots = Map<string, number>;

/**
 * Finds verifications in memory and keeps numbers and codes one to one. A slot is claimed at once and freed only
 * when `release` is called, so that an adapter can hold it until the change that gave it up is safe on disk:
 * a crash in between must not leave two live verifications with one number.
 */
export class VerificationIndex {
  readonly #byId = new Map<string, Verification>();
  readonly #owners = new Map<string, string>();
  readonly #slots = new Map<string, Slots>();
  readonly #pending = new Set<string>();

  /** Why this verification cannot be stored beside the others; a finished one is in nobody's way. */
  obstacle(verification: Verification): 'number-taken' | 'code-taken' | undefined {
    if (verification.status !== 'pending') return undefined;
    const { id, relyingParty, to, codeHash } = verification;
    if (this.#isTaken(numberSlot(relyingParty, to), id)) return 'number-taken';
    if (codeHash !== undefined && this.#isTaken(codeSlot(relyingParty, codeHash), id)) return 'code-taken';
    return undefined;
  }

  put(verification: Verification): void {
    const { id, status, revision } = verification;
    this.#byId.set(id, verification);
    if (status === 'pending') this.#pending.add(id);
    else this.#pending.delete(id);
    const slots = this.#slots.get(id) ?? new Map<string, number>();
    this.#slots.set(id, slots);
    for (const slot of slotsOf(verification)) {
      slots.set(slot, revision);
      this.#owners.set(slot, id);
    }
  }

  /** Frees what this revision and later ones no longer claim. */
  release(id: string, revision: number): void {
    const slots = this.#slots.get(id);
    if (!slots) return;
    for (const [slot, claimedBy] of slots) {
      if (claimedBy >= revision) continue;
      slots.delete(slot);
      if (this.#owners.get(slot) === id) this.#owners.delete(slot);
    }
  }

  remove(id: string): void {
    this.release(id, Infinity);
    this.#slots.delete(id);
    this.#pending.delete(id);
    this.#byId.delete(id);
  }

  get(id: string): Verification | undefined {
    return this.#byId.get(id);
  }

  /** Who holds this number, live or about to be released. */
  holderOfNumber(relyingParty: string, to: string): Verification | undefined {
    return this.#ownerOf(numberSlot(relyingParty, to));
  }

  live(relyingParty: string, to: string): Verification | undefined {
    const holder = this.holderOfNumber(relyingParty, to);
    return holder?.status === 'pending' ? holder : undefined;
  }

  byIdempotencyKey(relyingParty: string, keyHash: string): Verification | undefined {
    return this.#ownerOf(keySlot(relyingParty, keyHash));
  }

  pending(expiredBy = Infinity): readonly Verification[] {
    const found: Verification[] = [];
    for (const id of this.#pending) {
      const verification = this.#byId.get(id);
      if (verification && verification.expiresAt <= expiredBy) found.push(verification);
    }
    return found;
  }

  inCall(): readonly Verification[] {
    return [...this.#byId.values()].filter(({ call }) => call.state !== 'ended');
  }

  /** In the order of `VerificationStore.list`. */
  list({ limit, ...query }: ListQuery): readonly Verification[] {
    return [...this.#byId.values()]
      .filter((each) => isWanted(each, query))
      .toSorted(newestFirst)
      .slice(0, limit);
  }

  all(): Iterable<Verification> {
    return this.#byId.values();
  }

  #isTaken(slot: string, byOtherThan: string): boolean {
    const owner = this.#owners.get(slot);
    return owner !== undefined && owner !== byOtherThan;
  }

  #ownerOf(slot: string): Verification | undefined {
    const id = this.#owners.get(slot);
    return id === undefined ? undefined : this.#byId.get(id);
  }
}

function isWanted(verification: Verification, query: Omit<ListQuery, 'limit'>): boolean {
  const { relyingParty, status, to, method, createdAt } = verification;
  return (
    (query.relyingParty ?? relyingParty) === relyingParty &&
    (query.status ?? status) === status &&
    (query.to ?? to) === to &&
    (query.method ?? method) === method &&
    createdAt >= (query.from ?? -Infinity) &&
    createdAt < (query.until ?? Infinity) &&
    (query.after === undefined || newestFirst(query.after, verification) < 0)
  );
}

interface Place {
  readonly createdAt: number;
  readonly id: string;
}

function newestFirst(a: Place, b: Place): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

function slotsOf({ status, relyingParty, to, codeHash, idempotencyKeyHash }: Verification): readonly string[] {
  const slots: string[] = [];
  if (idempotencyKeyHash !== undefined) slots.push(keySlot(relyingParty, idempotencyKeyHash));
  if (status !== 'pending') return slots;
  slots.push(numberSlot(relyingParty, to));
  if (codeHash !== undefined) slots.push(codeSlot(relyingParty, codeHash));
  return slots;
}

// JSON keeps the parts apart, whatever characters a relying party's name has.
function numberSlot(relyingParty: string, to: string): string {
  return JSON.stringify(['number', relyingParty, to]);
}

function codeSlot(relyingParty: string, codeHash: string): string {
  return JSON.stringify(['code', relyingParty, codeHash]);
}

function keySlot(relyingParty: string, keyHash: string): string {
  return JSON.stringify(['key', relyingParty, keyHash]);
}
