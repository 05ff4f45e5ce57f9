import { Admissions } from './admissions.ts';
import type { Method } from './call.ts';
import { checkCode, WrittenEvents, type CallEventsDeps } from './call-events.ts';
import { drawCode } from './code.ts';
import { destinationOf } from './destination.ts';
import { VerificationError } from './errors.ts';
import { extensionParts } from './extension.ts';
import { isSameRequest } from './idempotency.ts';
import { IncomingCalls } from './incoming-calls.ts';
import { KeyedHash } from './keyed-hash.ts';
import { Lines, type LineEvents } from './lines.ts';
import { newVerification, type NewKeys } from './new-verification.ts';
import { refuseUnsayablePayee } from './payee.ts';
import { MAX_CODE_TTL } from './policy.ts';
import type { Destination, NumberPlan } from './phone-number.ts';
import type { CallRoute, ListQuery } from './ports.ts';
import { randomId } from './random-id.ts';
import { codesExhausted, MAX_CODE_DRAWS, Records } from './records.ts';
import { refuseFinal, refuseInCall, refuseTyping } from './refusals.ts';
import type {
  Created,
  CreateRequest,
  Erased,
  Erasure,
  VerificationService,
  VerificationServiceDeps,
} from './service.ts';
import type { Network } from './terms.ts';
import { applyCode, applyLoss, verdictOf } from './transitions.ts';
import { drawSharedWord } from './shared-words.ts';
import { Turns } from './turns.ts';
import { Unwritten } from './unwritten.ts';
import { isFinal, settle, type Verification } from './verification.ts';

/** Longer than any call may last: one that has not ended by then will never say so. */
const CALL_OVERDUE = MAX_CODE_TTL;
const TRY_AGAIN_SECONDS = 5;
/** Another process may keep creating for the same number; within this one, turns leave nothing to race. */
const MAX_NUMBER_RACES = 10;

/** A request whose number was read. */
type Wanted = CreateRequest & Destination;

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
  readonly #eventsDeps: CallEventsDeps;
  /** One creation or erasure at a time for a number, and one creation for an idempotency key. */
  readonly #creations = new Turns();
  /** Codes to show, as long as their verification is pending; for idempotent replays only. */
  readonly #codes = new Map<string, string>();
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
    const { dialIn, store, numbers, now, doNotCall } = deps;
    const [hash, unwritten] = [this.#hash, this.#unwritten];
    this.#eventsDeps = { records: this.#records, hash, unwritten, doNotCall, now, onError };
    const { reportKey } = deps.policy;
    const [records, lines, admissions] = [this.#records, this.#lines, this.#admissions];
    const eventsOf = (verification: Verification): LineEvents =>
      admissions.judged(verification, this.#eventsOf(verification));
    const ours = { records, lines, admissions, eventsOf, onError };
    const incoming = new IncomingCalls({ dialIn, reportKey, store, numbers, now, ...ours });
    deps.telephony.listen(async (call, line) => incoming.take(call, line));
  }

  async create(request: CreateRequest): Promise<Created> {
    const { relyingParty, idempotencyKey } = request;
    const wanted = { ...request, ...this.#deps.numbers.read(request.to) };
    refuseUnsayablePayee(request.transaction, this.#deps.policy.speaksNames);
    if (idempotencyKey === undefined) return this.#supersedeAndCreate(wanted, undefined);

    const keyHash = this.#hash.idempotencyKey(relyingParty, idempotencyKey);
    return this.#creations.take(`key ${keyHash}`, async () => {
      const made = await this.#deps.store.findByIdempotencyKey(relyingParty, keyHash);
      if (!made) return this.#supersedeAndCreate(wanted, keyHash);
      if (!isSameRequest(made, wanted, this.#userHashOf(wanted))) {
        throw new VerificationError('idempotency_key_reused', 'This idempotency key was used for another request');
      }
      return this.#created(await this.#records.get(made.id));
    });
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
    this.#refuseWithoutTelephone(found);
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
        this.#refuseWithoutTelephone(current);
        const codeHash = current.codeHash;
        do code = drawCode(this.#deps.policy.codeLength);
        while (this.#hash.code(current, code) === codeHash);
        const call = { id: callId, number: current.call.number + 1, state: 'queued', keys: 0 } as const;
        const { policy } = this.#deps;
        const gateDigits = current.dialIn === undefined ? policy.gateDigits : 0;
        const terms = { network: this.#network, gateDigits, codeLength: policy.codeLength };
        return { ...current, call, terms, codeHash: this.#hash.code(current, code) };
      },
      (stored) => this.#call(stored, code),
    );
    return this.#created(called);
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
    return this.#creations.take(turnOf(to), async () => {
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
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#creations.idle();
    // Not left to telephony, which may be closed before it has reported every end.
    this.#lines.giveUp(Infinity, 'canceled');
    await this.#records.idle();
    this.#codes.clear();
  }

  async #supersedeAndCreate(request: Wanted, keyHash: string | undefined): Promise<Created> {
    const { relyingParty, to, kind, method, address } = request;
    const dialIn = this.#dialInOf(request);
    const word = drawSharedWord(request, this.#deps.telephony.voices);
    const user = this.#userHashOf(request);
    return this.#creations.take(turnOf(to), async () => {
      this.#refuseWithoutTelephone(request);
      const older = await this.#deps.store.findLive(relyingParty, destinationOf(request));
      const keys = { callId: randomId('call'), keyHash, userHash: user, word };
      const attempt = {
        callId: keys.callId,
        relyingParty,
        to,
        kind,
        ...(address !== undefined && { address }),
        ...(user !== undefined && { user }),
        ...(older && { replaces: older.call.id }),
        ...(method === 'dial-in' && { awaited: true as const }),
      };
      return this.#admissions.admit(attempt, async () => this.#create(request, { ...keys, ...dialIn }));
    });
  }

  #userHashOf({ relyingParty, user }: CreateRequest): string | undefined {
    return user === undefined ? undefined : this.#hash.subject('user', relyingParty, user);
  }

  /** @throws VerificationError `unknown_method` */
  #dialInOf({ method }: CreateRequest): { readonly dialIn?: string } {
    if (method !== 'dial-in') return {};
    const dialIn = this.#deps.dialIn?.number;
    if (dialIn === undefined) throw new VerificationError('unknown_method', 'Nobody can call in', { field: '/method' });
    return { dialIn };
  }

  async #create(
    request: CreateRequest,
    { dialIn, ...keys }: Omit<NewKeys, 'codeHash'> & { readonly dialIn?: string },
  ): Promise<Created> {
    const { relyingParty, to } = request;
    const { policy, now, store } = this.#deps;
    const scope = { relyingParty, ...(dialIn !== undefined && { dialIn }) };
    let draws = 0;
    let races = 0;
    for (;;) {
      const older = await store.findLive(relyingParty, destinationOf(request));
      if (older) await this.#records.change(older.id, supersede);
      // A caller is known by the number alone, so that the newer one is meant here too, whoever made the older.
      const others = dialIn === undefined ? undefined : await store.findDialIn(dialIn, to);
      if (others) await this.#records.change(others.id, supersede);

      const code = drawCode(policy.codeLength);
      const codeHash = this.#hash.code(scope, code);
      const verification = newVerification(
        request,
        { ...keys, codeHash },
        { ...scope, policy, network: this.#network, now: now() },
      );
      const result = await this.#records.insert(verification, () => this.#call(verification, code));
      switch (result) {
        case 'inserted':
          return this.#created(verification);
        case 'code-taken':
          if (++draws >= MAX_CODE_DRAWS) throw codesExhausted();
          break;
        case 'number-taken':
          if (++races >= MAX_NUMBER_RACES) {
            throw new VerificationError('verification_conflict', 'This number is being verified elsewhere right now');
          }
          break;
      }
    }
  }

  /** Rings the number of a verification that was just stored with this code. */
  #call(verification: Verification, code: string): void {
    const { to, method, locale, call, extension, callerId, trunk, word, transaction } = verification;
    const { codeLength, gateDigits, reportKey, extensionWait } = this.#deps.policy;
    if (method !== 'spoken') this.#codes.set(verification.id, code);
    // The person calls.
    if (method === 'dial-in') return;
    const whom = { to, ...(extension !== undefined && { extension }) };
    const events = this.#admissions.metered({ callId: call.id, ...whom, events: this.#eventsOf(verification) });
    const choices = {
      ...(method === 'spoken' && { code }),
      ...(extension !== undefined && { extension: extensionParts(extension, extensionWait) }),
      ...(callerId !== undefined && { callerId }),
      ...(trunk !== undefined && { trunk }),
      ...(reportKey !== undefined && { reportKey }),
      ...(word !== undefined && { word }),
      ...(transaction && { transaction }),
    };
    const request = { id: call.id, to, method, locale, codeLength, gateDigits, ...choices };
    this.#lines.place(request, { events, now: this.#deps.now() });
  }

  #eventsOf(verification: Verification): LineEvents {
    return new WrittenEvents(verification, this.#eventsDeps);
  }

  #created(verification: Verification): Created {
    const code = this.#codes.get(verification.id);
    return { verification, token: this.#hash.token(verification.id), ...(code !== undefined && { code }) };
  }

  #refuseWithoutTelephone({ to, trunk, method }: CallRoute & { readonly method: Method }): void {
    // Whoever calls in needs a trunk that is there, not one that carries calls to the number.
    const route = method === 'dial-in' ? undefined : { to, ...(trunk !== undefined && { trunk }) };
    const status = this.#deps.telephony.status(route);
    if (status.ready && !this.#closed) return;
    const reason = status.ready ? 'closed' : status.reason;
    if (reason === 'no-trunk') {
      throw new VerificationError('number_not_allowed', 'Calls to this number are not placed from here', {
        field: '/to',
      });
    }
    throw new VerificationError('telephony_unavailable', `No call can be placed at the moment (${reason})`, {
      retryAfterSeconds: TRY_AGAIN_SECONDS,
    });
  }

  /** A change was stored: the call hears of a verification's end, and everyone who listens of the change. */
  #stored(stored: Verification, before: Verification | undefined): void {
    try {
      if (before?.status === 'pending' && isFinal(stored.status)) {
        this.#codes.delete(stored.id);
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

function turnOf(to: string): string {
  return `number ${to}`;
}

function supersede(older: Verification): Verification | undefined {
  return isFinal(older.status) ? undefined : settle(older, 'canceled', 'superseded');
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
