import { isAwaited, type Verification } from '../verification/verification.ts';
import type { AuditFields } from './audit-line.ts';
import type { AuditLog } from './audit-log.ts';
import { masked } from './people.ts';

/** A request as far as the record is concerned. */
export interface AskedRequest {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly problem?: string;
  readonly address: string;
  readonly relyingParty?: string;
  readonly verificationId?: string;
  readonly rule?: string;
}

/** Who is refused so often could fill the disk with the record of it. */
const REFUSALS_A_SECOND = 50;

/** Puts into the log what was asked and what was decided. */
export class Auditor {
  readonly #log: Pick<AuditLog, 'record' | 'person' | 'address'>;
  readonly #now: () => number;
  #second = 0;
  #refusals = 0;
  #unrecorded = 0;

  constructor(log: Pick<AuditLog, 'record' | 'person' | 'address'>, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** Who asked for a decision, or was refused anything; plain reading is not recorded. */
  asked(request: AskedRequest): void {
    const { requestId, method, route, status, problem, address, relyingParty, verificationId, rule } = request;
    const isReading = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
    if (!route.startsWith('/v1/') || (isReading && problem === undefined)) return;
    if (problem !== undefined && !this.#mayRecordRefusal()) return;
    this.#log.record(problem === undefined ? 'request.accepted' : 'request.refused', {
      requestId,
      asked: `${method} ${route}`,
      status,
      from: this.#log.address(address),
      ...(relyingParty !== undefined && { relyingParty }),
      ...(verificationId !== undefined && { verification: verificationId }),
      ...(problem !== undefined && { code: problem }),
      ...(rule !== undefined && { rule }),
    });
  }

  changed(stored: Verification, before: Verification | undefined): void {
    const { id, to, method, locale, relyingParty, call } = stored;
    const about = { verification: id };
    if (!before) {
      const number = { number: masked(to), person: this.#log.person(to) };
      this.#log.record('verification.created', { ...about, relyingParty, ...number, method, locale });
    }
    const isNewCall = before?.call.id !== call.id && !isAwaited(stored);
    if (isNewCall) {
      const event = method === 'dial-in' ? 'call.came-in' : 'call.placed';
      this.#log.record(event, { ...about, call: call.id, callNumber: call.number, ...callerOf(stored) });
    }
    const check = checkResult(stored, before);
    if (check !== undefined) {
      this.#log.record('code.checked', { ...about, result: check, attemptsLeft: stored.attemptsLeft });
    }
    const wasUp = before !== undefined && before.call.state !== 'ended' && !isAwaited(before);
    const hasEnded = call.state === 'ended' && (isNewCall || wasUp);
    if (hasEnded) this.#log.record('call.ended', { ...about, ...endOf(stored) });
    if (stored.reportedAt !== undefined && before?.reportedAt === undefined) {
      this.#log.record('call.reported', { ...about, call: call.id });
    }
    if (before && before.status !== stored.status) {
      const reason = stored.reason === undefined ? {} : { reason: stored.reason };
      this.#log.record('verification.ended', { ...about, status: stored.status, ...reason });
    }
  }

  /** A call that came in and serves no verification; the others are in the record of theirs. */
  cameIn(result: string): void {
    if (result !== 'answered' && this.#mayRecordRefusal()) this.#log.record('call.turned-away', { result });
  }

  #mayRecordRefusal(): boolean {
    const second = Math.floor(this.#now() / 1_000);
    if (second !== this.#second) {
      if (this.#unrecorded > 0) this.#log.record('request.refused.more', { requests: this.#unrecorded });
      this.#second = second;
      this.#refusals = 0;
      this.#unrecorded = 0;
    }
    this.#refusals += 1;
    if (this.#refusals <= REFUSALS_A_SECOND) return true;
    this.#unrecorded += 1;
    return false;
  }
}

/** Only a code moves these, whichever way it came. */
function checkResult(stored: Verification, before: Verification | undefined): 'right' | 'wrong' | undefined {
  if (!before) return undefined;
  if (stored.status === 'verified' && before.status !== 'verified') return 'right';
  return stored.attemptsLeft < before.attemptsLeft ? 'wrong' : undefined;
}

/** What others said of the number that a call came from. */
function callerOf({ call: { caller } }: Verification): AuditFields {
  if (!caller) return {};
  const { source, validation, attestation, claimed } = caller;
  return {
    callerFrom: source,
    ...(validation !== undefined && { validation }),
    ...(attestation !== undefined && { attestation }),
    ...(claimed !== undefined && { claimedAttestation: claimed }),
  };
}

function endOf({ call }: Verification): AuditFields {
  return {
    call: call.id,
    outcome: call.outcome ?? 'unknown',
    ...(call.trunk !== undefined && { trunk: call.trunk }),
    ...(call.keyTiming !== undefined && { keyTiming: call.keyTiming }),
    ...(call.sipStatus !== undefined && { sipStatus: call.sipStatus }),
    ...(call.answeredMs !== undefined && { answeredMs: call.answeredMs }),
    ...(call.cost && { costMicros: call.cost.micros, currency: call.cost.currency }),
  };
}
