import { isAwaited, type Verification } from '../verification/verification.ts';
import type { AuditFields } from './audit-line.ts';
import type { AuditLog } from './audit-log.ts';
import { masked } from './people.ts';
import { RefusalBudget } from './refusal-budget.ts';

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
  /** What it was known by: a key, an operator's key, a verification's token; absent: nothing. */
  readonly by?: string;
  /** The number of a creation, as it was typed. */
  readonly to?: string;
}

export interface OperatorsWord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Such as `wrong-codes.forgiven`. */
  readonly what: string;
  /** All that is readable of the number. */
  readonly shown: string;
}

export interface AuditorDeps {
  readonly log: Pick<AuditLog, 'record' | 'person' | 'stranger' | 'address'>;
  readonly now: () => number;
  /** When the log had its last line: what the operator decided before stands in it. */
  readonly since: number;
  /** Undefined for what is no number. */
  readonly normalise: (typed: string) => string | undefined;
}

/** Those that come in by telephone are refused from one place. */
const CALLERS = 'callers';

/** Puts into the log what was asked and what was decided. */
export class Auditor {
  readonly #deps: AuditorDeps;
  readonly #log: AuditorDeps['log'];
  readonly #budget = new RefusalBudget();

  constructor(deps: AuditorDeps) {
    this.#deps = deps;
    this.#log = deps.log;
  }

  /** Who asked for a decision, or was refused anything; plain reading is not recorded. */
  asked(request: AskedRequest): void {
    const { requestId, method, route, status, problem, address, relyingParty, verificationId, rule, by } = request;
    const isReading = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
    if (!route.startsWith('/v1/') || (isReading && problem === undefined)) return;
    const from = this.#log.address(address);
    if (problem !== undefined && !this.#mayRecordRefusal(from, problem)) return;
    this.#log.record(problem === undefined ? 'request.accepted' : 'request.refused', {
      requestId,
      asked: `${method} ${route}`,
      status,
      from,
      ...(by !== undefined && { by }),
      ...(relyingParty !== undefined && { relyingParty }),
      ...(verificationId !== undefined && { verification: verificationId }),
      ...(problem !== undefined && { code: problem, ...this.#refusedNumber(request) }),
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

  /** What the operator says by a command lifts or sets a rule for a number. */
  decided({ at, what, shown }: OperatorsWord): void {
    if (at <= this.#deps.since) return;
    this.#log.record('operator.decided', { decision: what, number: shown, decidedAt: new Date(at).toISOString() });
  }

  /** A call that came in and serves no verification; the others are in the record of theirs. */
  cameIn(result: string): void {
    if (result === 'answered' || !this.#mayRecordRefusal(CALLERS, result)) return;
    this.#log.record('call.turned-away', { result });
  }

  /** What was made has it in its own line. */
  #refusedNumber({ to }: AskedRequest): AuditFields {
    const number = to === undefined ? undefined : this.#deps.normalise(to);
    return number === undefined ? {} : { number: masked(number), person: this.#log.stranger(number) };
  }

  #mayRecordRefusal(from: string, code: string): boolean {
    const over = this.#budget.over(this.#deps.now());
    if (over) this.#log.record('request.refused.more', over);
    return this.#budget.take(from, code);
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
