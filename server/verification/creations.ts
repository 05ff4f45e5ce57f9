import type { Admissions } from './admissions.ts';
import { drawCode } from './code.ts';
import { destinationOf } from './destination.ts';
import { VerificationError } from './errors.ts';
import { isSameRequest } from './idempotency.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { newVerification, type NewKeys } from './new-verification.ts';
import type { OutgoingCalls } from './outgoing-calls.ts';
import { refuseUnsayablePayee } from './payee.ts';
import type { Destination } from './phone-number.ts';
import { randomId } from './random-id.ts';
import { codesExhausted, MAX_CODE_DRAWS, type Records } from './records.ts';
import type { Created, CreateRequest, VerificationServiceDeps } from './service.ts';
import { drawSharedWord } from './shared-words.ts';
import type { Network } from './terms.ts';
import { Turns } from './turns.ts';
import { isFinal, settle, type Verification } from './verification.ts';

/** Another process may keep creating for the same number; within this one, turns leave nothing to race. */
const MAX_NUMBER_RACES = 10;

type Ours = Pick<VerificationServiceDeps, 'store' | 'numbers' | 'policy' | 'now' | 'telephony' | 'dialIn'>;

export interface CreationsDeps extends Ours {
  readonly network: Network;
  readonly hash: KeyedHash;
  readonly records: Records;
  readonly admissions: Admissions;
  readonly calls: OutgoingCalls;
}

/** A request whose number was read. */
type Wanted = CreateRequest & Destination;

/** Makes verifications: one live one for a destination, each with a code that no other live one has (claim 1). */
export class Creations {
  readonly #deps: CreationsDeps;
  /** One creation or erasure at a time for a number, and one creation for an idempotency key. */
  readonly #turns = new Turns();

  constructor(deps: CreationsDeps) {
    this.#deps = deps;
  }

  async create(request: CreateRequest): Promise<Created> {
    const { numbers, policy, hash, store, records, calls } = this.#deps;
    const { relyingParty, idempotencyKey } = request;
    const wanted = { ...request, ...numbers.read(request.to) };
    refuseUnsayablePayee(request.transaction, policy.speaksNames);
    if (idempotencyKey === undefined) return this.#supersedeAndCreate(wanted, undefined);

    const keyHash = hash.idempotencyKey(relyingParty, idempotencyKey);
    return this.#turns.take(`key ${keyHash}`, async () => {
      const made = await store.findByIdempotencyKey(relyingParty, keyHash);
      if (!made) return this.#supersedeAndCreate(wanted, keyHash);
      if (!isSameRequest(made, wanted, this.#userHashOf(wanted))) {
        throw new VerificationError('idempotency_key_reused', 'This idempotency key was used for another request');
      }
      return calls.created(await records.get(made.id));
    });
  }

  /** Nothing is created for this number meanwhile. */
  async inTurn<Result>(to: string, task: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(`number ${to}`, task);
  }

  async idle(): Promise<void> {
    await this.#turns.idle();
  }

  async #supersedeAndCreate(request: Wanted, keyHash: string | undefined): Promise<Created> {
    const { store, telephony, admissions, calls } = this.#deps;
    const { relyingParty, to, kind, method, address } = request;
    const dialIn = this.#dialInOf(request);
    const word = drawSharedWord(request, telephony.voices);
    const user = this.#userHashOf(request);
    return this.inTurn(to, async () => {
      calls.refuseWithoutTelephone(request);
      const older = await store.findLive(relyingParty, destinationOf(request));
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
      return admissions.admit(attempt, async () => this.#create(request, { ...keys, ...dialIn }));
    });
  }

  #userHashOf({ relyingParty, user }: CreateRequest): string | undefined {
    return user === undefined ? undefined : this.#deps.hash.subject('user', relyingParty, user);
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
    const { policy, now, store, network, hash, records, calls } = this.#deps;
    const scope = { relyingParty, ...(dialIn !== undefined && { dialIn }) };
    let draws = 0;
    let races = 0;
    for (;;) {
      const older = await store.findLive(relyingParty, destinationOf(request));
      if (older) await records.change(older.id, supersede);
      // A caller is known by the number alone, so that the newer one is meant here too, whoever made the older.
      const others = dialIn === undefined ? undefined : await store.findDialIn(dialIn, to);
      if (others) await records.change(others.id, supersede);

      const code = drawCode(policy.codeLength);
      const codeHash = hash.code(scope, code);
      const verification = newVerification(request, { ...keys, codeHash }, { ...scope, policy, network, now: now() });
      const result = await records.insert(verification, () => calls.place(verification, code));
      switch (result) {
        case 'inserted':
          return calls.created(verification);
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
}

function supersede(older: Verification): Verification | undefined {
  return isFinal(older.status) ? undefined : settle(older, 'canceled', 'superseded');
}
