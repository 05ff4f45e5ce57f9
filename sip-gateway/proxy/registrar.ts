import type { Clock } from '../../server/verification/ports.ts';
import { readNameAddr, type NameAddr } from './name-addr.ts';
import { headerOf, headersOf, type SipRequest } from './sip-message.ts';
import { isSameContact } from './sip-uri.ts';

/** Where a user can be reached: a contact and the connection that registered it. */
export interface Binding {
  readonly user: string;
  readonly contact: string;
  /** Header field parameters of the Contact, but for `expires`, as they were written. */
  readonly params: string;
  readonly flowId: string;
  /** `+sip.instance` and `reg-id` (RFC 5626 §6): the same agent, whatever its connection. */
  readonly instance: string | undefined;
  readonly callId: string;
  readonly cseq: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly expiresAt: number;
}

export type RegisterResult =
  /** What is registered now. `changed`: more than a question was asked. */
  | { readonly type: 'ok'; readonly bindings: readonly Binding[]; readonly changed: boolean }
  | { readonly type: 'too-brief'; readonly minExpires: number }
  | { readonly type: 'bad-request'; readonly reason: string }
  /** An older request overtaken by a newer one (RFC 3261 §10.3 step 7). */
  | { readonly type: 'out-of-order' }
  | { readonly type: 'full' };

export interface RegistrarLimits {
  /** Seconds. */
  readonly minExpires: number;
  readonly defaultExpires: number;
  readonly maxExpires: number;
  readonly bindingsPerUser: number;
  readonly users: number;
}

const REGISTRAR_LIMITS: RegistrarLimits = {
  minExpires: 60,
  defaultExpires: 600,
  maxExpires: 3600,
  bindingsPerUser: 10,
  users: 10_000,
};

interface Wish {
  readonly address: NameAddr;
  /** Seconds; 0 takes the binding away. */
  readonly expires: number;
  readonly instance: string | undefined;
}

/** Who is where (RFC 3261 §10.3, RFC 5626 §6). A user that was here once is away, not unknown. */
export class Registrar {
  readonly #bindings = new Map<string, readonly Binding[]>();
  /** Users seen in this life, the one seen longest ago first. */
  readonly #seen = new Set<string>();
  readonly #clock: Clock;
  readonly #limits: RegistrarLimits;

  constructor(clock: Clock, limits: Partial<RegistrarLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...REGISTRAR_LIMITS, ...limits };
  }

  /** The newest first. */
  bindingsOf(user: string): readonly Binding[] {
    const now = this.#clock();
    return (this.#bindings.get(user) ?? []).filter((binding) => binding.expiresAt > now);
  }

  isKnown(user: string): boolean {
    return this.#seen.has(user);
  }

  all(): readonly Binding[] {
    return [...this.#bindings.keys()].flatMap((user) => this.bindingsOf(user));
  }

  /** All changes of one request are made, or none. */
  register(user: string, flowId: string, request: SipRequest): RegisterResult {
    const contacts = headersOf(request, 'contact');
    const present = this.bindingsOf(user);
    if (contacts.length === 0) return { type: 'ok', bindings: present, changed: false };

    const callId = headerOf(request, 'call-id') ?? '';
    const cseq = Number.parseInt(headerOf(request, 'cseq') ?? '', 10);
    const isStale = (binding: Binding) => binding.callId === callId && cseq <= binding.cseq;

    if (contacts.includes('*')) {
      if (contacts.length > 1 || headerOf(request, 'expires') !== '0') {
        return { type: 'bad-request', reason: 'Contact * Needs Expires 0' };
      }
      if (present.some(isStale)) return { type: 'out-of-order' };
      return this.#store(user, []);
    }

    const wishes: Wish[] = [];
    for (const value of contacts) {
      const wish = this.#readWish(value, headerOf(request, 'expires'));
      if (typeof wish === 'string') return { type: 'bad-request', reason: wish };
      if (wish.expires > 0 && wish.expires < this.#limits.minExpires) {
        return { type: 'too-brief', minExpires: this.#limits.minExpires };
      }
      wishes.push(wish);
    }

    const now = this.#clock();
    let bindings = present;
    for (const wish of wishes) {
      const replaced = bindings.find((binding) => isOf(wish, binding));
      if (replaced && isStale(replaced)) return { type: 'out-of-order' };
      bindings = bindings.filter((binding) => binding !== replaced);
      if (wish.expires === 0) continue;
      const made: Binding = {
        user,
        contact: wish.address.uri,
        params: writeParams(wish.address),
        flowId,
        instance: wish.instance,
        callId,
        cseq,
        since: now,
        expiresAt: now + wish.expires * 1000,
      };
      bindings = [made, ...bindings];
    }
    if (bindings.length > this.#limits.bindingsPerUser) return { type: 'full' };
    if (!this.#bindings.has(user) && this.#bindings.size >= this.#limits.users) return { type: 'full' };
    return this.#store(user, bindings);
  }

  /** A connection is gone, and with it the way to its contacts. */
  forgetFlow(flowId: string): readonly Binding[] {
    const lost: Binding[] = [];
    for (const [user, bindings] of this.#bindings) {
      const gone = bindings.filter((binding) => binding.flowId === flowId);
      if (gone.length === 0) continue;
      lost.push(...gone);
      this.#keep(
        user,
        bindings.filter((binding) => binding.flowId !== flowId),
      );
    }
    return lost;
  }

  /** Takes away what has expired; to be called now and then. */
  sweep(): void {
    for (const user of this.#bindings.keys()) this.#keep(user, this.bindingsOf(user));
  }

  #store(user: string, bindings: readonly Binding[]): RegisterResult {
    this.#keep(user, bindings);
    this.#seen.delete(user);
    this.#seen.add(user);
    if (this.#seen.size > this.#limits.users) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
    return { type: 'ok', bindings, changed: true };
  }

  #keep(user: string, bindings: readonly Binding[]): void {
    if (bindings.length === 0) this.#bindings.delete(user);
    else this.#bindings.set(user, bindings);
  }

  #readWish(value: string, expiresHeader: string | undefined): Wish | string {
    const address = readNameAddr(value);
    if (!address) return 'Bad Contact';
    const asked = address.params.get('expires') ?? expiresHeader ?? String(this.#limits.defaultExpires);
    // RFC 3261 §20.19: a value that is no number counts as the default.
    const seconds = /^\d{1,10}$/.test(asked) ? Number(asked) : this.#limits.defaultExpires;
    const instance = address.params.get('+sip.instance');
    const regId = address.params.get('reg-id');
    return {
      address,
      expires: Math.min(seconds, this.#limits.maxExpires),
      instance: instance === undefined || regId === undefined ? undefined : `${instance} ${regId}`,
    };
  }
}

function isOf(wish: Wish, binding: Binding): boolean {
  if (wish.instance !== undefined && binding.instance !== undefined) return wish.instance === binding.instance;
  return isSameContact(wish.address.uri, binding.contact);
}

function writeParams({ params }: NameAddr): string {
  let text = '';
  for (const [name, value] of params) {
    if (name !== 'expires') text += value === undefined ? `;${name}` : `;${name}=${value}`;
  }
  return text;
}
