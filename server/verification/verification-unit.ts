import { Admissions } from './admissions.ts';
import { checkCode, WrittenEvents } from './call-events.ts';
import { drawCode } from './code.ts';
import { Creations } from './creations.ts';
import { VerificationError } from './errors.ts';
import { IncomingCalls } from './incoming-calls.ts';
import { KeyedHash } from './keyed-hash.ts';
import { Lines, type LineEvents } from './lines.ts';
import { OutgoingCalls } from './outgoing-calls.ts';
import { MAX_CODE_TTL } from './policy.ts';
import type { NumberPlan } from './phone-number.ts';
import type { ListQuery } from './ports.ts';
import { randomId } from './random-id.ts';
import { Records } from './records.ts';
import { refuseFinal, refuseInCall, refuseTyping } from './refusals.ts';
import type {
  Created,
  CreateRequest,
  Erased,
  Erasure,
  VerificationService,
  VerificationServiceDeps,
} from './service.ts';
import { termsOf, type Network } from './terms.ts';
import { applyCode, applyLoss, verdictOf } from './transitions.ts';
import { Unwritten } from './unwritten.ts';
import { isFinal, settle, type Verification } from './verification.ts';

/** Longer than any call may last: one that has not ended by then will never say so. */
const CALL_OVERDUE = MAX_CODE_TTL;

/** The verification unit of the patent (211, 311). */
export function createVerificationService(deps: VerificationServiceDeps): VerificationService {
  return new VerificationUnit(deps);
}

class VerificationUnit implements VerificationService {
  readonly #deps: VerificationServiceDeps;
  readonly #hash: KeyedHash;
  readonly #records: Records;
  readonly #unwritten: Unwritten;
  readonly #lines: Lines;
  readonly #admissions: Admissions;
  readonly #calls: OutgoingCalls;
  readonly #creations: Creations;
  #closed: Promise<void> | undefined;
  readonly #network: Network;

  constructor(deps: VerificationServiceDeps) {
    this.#deps = deps;
    this.#network = deps.network ?? 'local-proxy';
    this.#hash = new KeyedHash(deps.secret);
    const onError = (error: unknown, what: string): void => this.#report(error, what);
    this.#lines = new Lines(deps.telephony, onError);
    this.#admissions = new Admissions({ admission: deps.admission, now: deps.now, onError });
    this.#records = new Records({
      store: deps.store,
      now: deps.now,
      onStored: (stored, before) => this.#stored(stored, before),
    });
    this.#unwritten = new Unwritten(this.#records, onError);
    const { dialIn, store, numbers, now, doNotCall, policy, telephony } = deps;
    const [hash, unwritten] = [this.#hash, this.#unwritten];
    const [records, lines, admissions] = [this.#records, this.#lines, this.#admissions];
    const events = { records, hash, unwritten, doNotCall, now, onError };
    this.#calls = new OutgoingCalls({ telephony, policy, lines, admissions, events });
    this.#creations = new Creations({ ...deps, network: this.#network, hash, records, admissions, calls: this.#calls });
    const eventsOf = (verification: Verification): LineEvents =>
      admissions.judged(verification, new WrittenEvents(verification, events));
    const ours = { records, lines, admissions, eventsOf, onError };
    const { reportKey } = policy;
    const incoming = new IncomingCalls({ dialIn, reportKey, store, numbers, now, ...ours });
    deps.telephony.listen(async (call, line) => incoming.take(call, line));
  }

  async create(request: CreateRequest): Promise<Created> {
    return this.#creations.create(request);
  }

  async check(id: string, code: string): Promise<Verification> {
    const found = await this.#records.get(id);
    refuseTyping(found);
    return this.#admissions.try(found, async () =>
      this.#records.change(id, (current) => {
        refuseTyping(current);
        return applyCode(current, checkCode(this.#hash, current, code));
      }),
    );
  }

  async get(id: string): Promise<Verification> {
    return this.#records.get(id);
  }

  async list(query: ListQuery): Promise<{ readonly items: readonly Verification[] }> {
    const { store, numbers } = this.#deps;
    const items = await store.list({ ...query, ...(query.to !== undefined && { to: numbers.normalise(query.to) }) });
    return { items };
  }

  async callAgain(id: string, address?: string): Promise<Created> {
    const found = await this.#records.get(id);
    refuseInCall(found);
    this.#calls.refuseWithoutTelephone(found);
    const callId = randomId('call');
    const { relyingParty, to, userHash: user, dialIn } = found;
    const attempt = {
      callId,
      relyingParty,
      to,
      ...(dialIn !== undefined && { awaited: true as const }),
      ...(address !== undefined && { address }),
      ...(user !== undefined && { user }),
    };
    return this.#admissions.admit(attempt, async () => this.#callAgain(id, callId));
  }

  async #callAgain(id: string, callId: string): Promise<Created> {
    let code = '';
    const called = await this.#records.change(
      id,
      (current) => {
        refuseInCall(current);
        this.#calls.refuseWithoutTelephone(current);
        const codeHash = current.codeHash;
        do code = drawCode(this.#deps.policy.codeLength);
        while (this.#hash.code(current, code) === codeHash);
        const call = { id: callId, number: current.call.number + 1, state: 'queued', keys: 0 } as const;
        const terms = termsOf(this.#deps.policy, { network: this.#network, dialIn: current.dialIn });
        return { ...current, call, terms, codeHash: this.#hash.code(current, code) };
      },
      (stored) => this.#calls.place(stored, code),
    );
    return this.#calls.created(called);
  }

  async cancel(id: string): Promise<Verification> {
    return this.#records.change(id, (current) => {
      refuseFinal(current);
      return settle(current, 'canceled');
    });
  }

  async erase({ to: typed, relyingParty, forgetRest }: Erasure): Promise<Erased> {
    const { store, numbers } = this.#deps;
    const to = asStored(typed, numbers);
    const query = { to, limit: Infinity, ...(relyingParty !== undefined && { relyingParty }) };
    return this.#creations.inTurn(to, async () => {
      const found = await store.list(query);
      // Whoever reads along is told, and nothing more comes of it.
      await Promise.all(found.map(async ({ id }) => this.#endForGood(id)));
      const erased = { to, verifications: found.map(({ id }) => id) };
      await forgetRest?.(erased);
      await store.erase(to, relyingParty);
      return erased;
    });
  }

  /** Its call is hung up also where it only says goodbye. */
  async #endForGood(id: string): Promise<void> {
    const { call } = await this.#records.change(id, endForGood);
    this.#lines.hangUp(call.id);
  }

  opens(token: string, verification: Verification): boolean {
    return this.#hash.same(token, this.#hash.token(verification.id));
  }

  async sweep(): Promise<void> {
    const { store, now, policy } = this.#deps;
    this.#lines.giveUp(now() - CALL_OVERDUE, 'trunk-unavailable');
    await this.#unwritten.retry();
    const due = await store.pending({ expiredBy: now() });
    await Promise.all(due.map(async ({ id }) => this.#records.change(id, () => undefined)));
    await store.purge(now() - policy.retention);
  }

  async recover(): Promise<void> {
    const lost = await this.#deps.store.inCall();
    await Promise.all(lost.map(async ({ id }) => this.#records.change(id, endLostCall)));
  }

  async close(): Promise<void> {
    this.#calls.close();
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#creations.idle();
    // Not left to telephony, which may be closed before it has reported every end.
    this.#lines.giveUp(Infinity, 'canceled');
    await this.#records.idle();
    this.#calls.forgetAll();
  }

  /** A change was stored: the call hears of a verification's end, and everyone who listens of the change. */
  #stored(stored: Verification, before: Verification | undefined): void {
    try {
      if (before?.status === 'pending' && isFinal(stored.status)) {
        this.#calls.forget(stored.id);
        this.#admissions.settled(stored);
        if (stored.status === 'canceled') this.#lines.hangUp(stored.call.id);
        else this.#lines.tell(stored.call.id, verdictOf(stored));
      }
      this.#deps.onChange?.(stored, before);
    } catch (error) {
      this.#report(error, 'telling of a change');
    }
  }

  #report(error: unknown, what: string): void {
    this.#deps.onError?.(error, what);
  }
}

function endLostCall(verification: Verification): Verification | undefined {
  return applyLoss(verification, verification.call.id, 'trunk-unavailable');
}

function endForGood(verification: Verification): Verification | undefined {
  const ended = isFinal(verification.status) ? undefined : settle(verification, 'canceled');
  return applyLoss(ended ?? verification, verification.call.id, 'canceled') ?? ended;
}

/** What may not be called any more was stored once, and is written as it was then. */
function asStored(typed: string, numbers: NumberPlan): string {
  try {
    return numbers.normalise(typed);
  } catch (error) {
    if (error instanceof VerificationError) return typed.trim();
    throw error;
  }
}
