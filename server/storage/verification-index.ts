import { destinationOf } from '../verification/destination.ts';
import type { ListQuery } from '../verification/ports.ts';
import type { Verification } from '../verification/verification.ts';

/** A slot that a verification occupies (a number, a code, an idempotency key), and the last revision that claimed it. */
interface Claim {
  readonly slot: string;
  revision: number;
}

/**
 * Finds verifications in memory and keeps numbers and codes one to one. A slot is claimed at once and freed only
 * when `release` is called, so that an adapter can hold it until the change that gave it up is safe on disk:
 * a crash in between must not leave two live verifications with one number.
 */
export class VerificationIndex {
  readonly #byId = new Map<string, Verification>();
  readonly #owners = new Map<string, string>();
  readonly #claims = new Map<string, Claim[]>();
  readonly #pending = new Set<string>();

  /** Why this verification cannot be stored beside the others; a finished one is in nobody's way. */
  obstacle(verification: Verification): 'number-taken' | 'code-taken' | undefined {
    if (verification.status !== 'pending') return undefined;
    const before = this.#byId.get(verification.id);
    if (before && claimsTheSame(before, verification)) return undefined;
    if (this.obstructor(verification)) return 'number-taken';
    const code = codeSlot(verification);
    return code !== undefined && this.#isTaken(code, verification.id) ? 'code-taken' : undefined;
  }

  put(verification: Verification): void {
    const { id, status, revision } = verification;
    const before = this.#byId.get(id);
    this.#byId.set(id, verification);
    if (status === 'pending') this.#pending.add(id);
    else this.#pending.delete(id);
    const claims = this.#claims.get(id) ?? [];
    if (before && claimsTheSame(before, verification)) {
      for (const claim of claims) if (claim.revision === before.revision) claim.revision = revision;
      return;
    }
    this.#claims.set(id, claims);
    for (const slot of slotsOf(verification)) {
      const claim = claims.find((each) => each.slot === slot);
      if (claim) claim.revision = revision;
      else claims.push({ slot, revision });
      this.#owners.set(slot, id);
    }
  }

  /** Frees what this revision and later ones no longer claim. */
  release(id: string, revision: number): void {
    const claims = this.#claims.get(id);
    if (!claims?.some((claim) => claim.revision < revision)) return;
    for (const claim of claims) {
      if (claim.revision < revision && this.#owners.get(claim.slot) === id) this.#owners.delete(claim.slot);
    }
    this.#claims.set(
      id,
      claims.filter((claim) => claim.revision >= revision),
    );
  }

  remove(id: string): void {
    this.release(id, Infinity);
    this.#claims.delete(id);
    this.#pending.delete(id);
    this.#byId.delete(id);
  }

  get(id: string): Verification | undefined {
    return this.#byId.get(id);
  }

  /** Who else holds the number of this one, live or about to be released. */
  obstructor(verification: Verification): Verification | undefined {
    const taken = numberSlots(verification).find((slot) => this.#isTaken(slot, verification.id));
    return taken === undefined ? undefined : this.#ownerOf(taken);
  }

  live(relyingParty: string, destination: string): Verification | undefined {
    return this.#liveOwnerOf(numberSlot(relyingParty, destination));
  }

  dialIn(dialIn: string, to: string): Verification | undefined {
    return this.#liveOwnerOf(callerSlot(dialIn, to));
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

  #liveOwnerOf(slot: string): Verification | undefined {
    const owner = this.#ownerOf(slot);
    return owner?.status === 'pending' ? owner : undefined;
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

function slotsOf(verification: Verification): readonly string[] {
  const { status, relyingParty, idempotencyKeyHash } = verification;
  const slots: string[] = [];
  if (idempotencyKeyHash !== undefined) slots.push(keySlot(relyingParty, idempotencyKeyHash));
  if (status !== 'pending') return slots;
  slots.push(...numberSlots(verification));
  const code = codeSlot(verification);
  if (code !== undefined) slots.push(code);
  return slots;
}

function numberSlots(verification: Verification): readonly string[] {
  const { relyingParty, dialIn, to } = verification;
  const slot = numberSlot(relyingParty, destinationOf(verification));
  return dialIn === undefined ? [slot] : [slot, callerSlot(dialIn, to)];
}

/** Most changes are of a call's progress or of an attempt. */
function claimsTheSame(before: Verification, after: Verification): boolean {
  return before.status === after.status && before.codeHash === after.codeHash;
}

function numberSlot(relyingParty: string, destination: string): string {
  return slotOf('number', relyingParty, destination);
}

/** A caller is known by the number alone: by whom it is waited for is not in the call. */
function callerSlot(dialIn: string, to: string): string {
  return slotOf('caller', dialIn, to);
}

function codeSlot({ relyingParty, dialIn, codeHash }: Verification): string | undefined {
  if (codeHash === undefined) return undefined;
  return dialIn === undefined ? slotOf('code', relyingParty, codeHash) : slotOf('dial-in', dialIn, codeHash);
}

function keySlot(relyingParty: string, keyHash: string): string {
  return slotOf('key', relyingParty, keyHash);
}

/** The length keeps the parts apart, whatever characters a relying party's name has. */
function slotOf(kind: 'number' | 'caller' | 'code' | 'dial-in' | 'key', owner: string, what: string): string {
  return `${kind} ${owner.length} ${owner} ${what}`;
}
