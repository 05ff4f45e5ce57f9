import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cost } from '../verification/cost.ts';
import type { KeyedHash } from '../verification/keyed-hash.ts';
import { destinationOf } from '../verification/destination.ts';
import type { Admission, AdmissionDecision, CallAttempt, CalledPerson, IncomingCaller } from '../verification/ports.ts';
import type { Verification } from '../verification/verification.ts';
import { coarseWait } from './coarse-wait.ts';
import { countedCall, countedGroup, numberSubject, rangeOf, type CountedCall } from './counted-call.ts';
import type { Refusals } from './do-not-call.ts';
import type { Finding, Refusal, RuleName } from './finding.ts';
import { inOrder, stillNeeded, type Ledger, type LedgerLine } from './ledger.ts';
import { costOf, type Rate } from './rate-deck.ts';
import { RuleBook, type RuleSettings } from './rule-book.ts';

export interface AdmissionDeps {
  readonly settings: RuleSettings;
  readonly ledger: Ledger;
  /** What the operator says meanwhile; `refresh` gives the numbers whose wrong codes were forgiven since. */
  readonly refusals: Refusals & { readonly isBehind: boolean; refresh(): Promise<readonly LedgerLine[]> };
  readonly hash: KeyedHash;
  readonly now: () => number;
  /** Told of each refusal: the rule, never the number. */
  readonly onRefused?: (rule: RuleName, code: string) => void;
  /** Calls stop for a while to all numbers that begin so: a range without its last four digits, or a destination. */
  readonly onStopped?: (prefix: string) => void;
  readonly onError: (error: unknown, what: string) => void;
}

/** Calls that ended so before anybody answered did by our own fault, or a gateway's: they say nothing of who is called. */
const OUR_FAULT: ReadonlySet<string> = new Set(['trunk-unavailable', 'media-failed']);
const FORGET_EVERY = 600_000;
/** So long a file of counts is read in a blink; a longer one is written anew without what is over. */
const COMPACT_AFTER = 50_000;

const ALLOWED: AdmissionDecision = { allowed: true };
const WORDS = {
  number_not_allowed: 'Calls to this number are not placed from here',
  rate_limited: 'There have been too many tries; try again later',
} as const;

/** Asks every rule before a call, and remembers what the rules have to know. */
export class RuledAdmission implements Admission {
  readonly #deps: AdmissionDeps;
  readonly #book: RuleBook;
  readonly #rates = new Map<string, Rate>();
  #refreshing: Promise<void> | undefined;
  #forgotAt: number;
  #lines: number;

  private constructor(deps: AdmissionDeps, book: RuleBook, lines: number) {
    this.#deps = deps;
    this.#book = book;
    this.#lines = lines;
    this.#forgotAt = deps.now();
  }

  /** Remembers what was written by whoever ran before; his calls are over. */
  static async open(deps: AdmissionDeps): Promise<RuledAdmission> {
    const { ledger, now } = deps;
    const book = new RuleBook(deps);
    const forgiven = await deps.refusals.refresh();
    const kept = stillNeeded(inOrder(await ledger.read(), forgiven), now());
    for (const line of kept) book.apply(line);
    const over = book.live.ids.map((call): LedgerLine => ({ type: 'ended', at: now(), call }));
    for (const line of over) book.apply(line);
    await ledger.compact(() => [...kept, ...over]);
    return new RuledAdmission(deps, book, kept.length + over.length);
  }

  async admit(attempt: CallAttempt): Promise<AdmissionDecision> {
    const { now, onRefused } = this.#deps;
    if (this.#deps.refusals.isBehind) await this.#refresh();
    // Judged and counted in one turn of the event loop: of two that fit into the last free place, one sees the other.
    const answer = this.#judge(attempt);
    if ('rule' in answer) {
      onRefused?.(answer.rule, answer.code);
      return decisionOf(answer);
    }
    try {
      await this.#write(answer);
    } catch (error) {
      // What cannot be counted is not placed.
      this.#book.apply({ type: 'ended', at: now(), call: attempt.callId, cost: 0 });
      if (!attempt.awaited) this.#book.apply(this.#excused(attempt.to));
      throw error;
    }
    return ALLOWED;
  }

  /** What the operator has said since. Whoever asks before the reading begins shares it. */
  async #refresh(): Promise<void> {
    this.#refreshing ??= this.#readRefusals();
    await this.#refreshing;
  }

  async #readRefusals(): Promise<void> {
    await nextTurn();
    this.#refreshing = undefined;
    for (const line of await this.#deps.refusals.refresh()) this.#remember(line);
  }

  /** The rule that refuses, or the line that counts the call. */
  #judge(attempt: CallAttempt): LedgerLine | Refusal {
    const { settings, hash, now } = this.#deps;
    this.#forget();
    const call = countedCall(attempt, { hash, deck: settings.deck, now: now() });
    const refusal = this.#book.refusal(call);
    if (refusal) return refusal;
    const line = this.#lineOf(call);
    this.#book.apply(line);
    if (call.rate && !call.awaited) this.#rates.set(call.callId, call.rate);
    return line;
  }

  ended(callId: string, answeredMs: number | undefined): Cost | undefined {
    const { settings, now } = this.#deps;
    const rate = this.#rates.get(callId);
    this.#rates.delete(callId);
    const micros = rate && (answeredMs === undefined ? 0 : costOf(rate, answeredMs));
    this.#remember({ type: 'ended', at: now(), call: callId, ...(micros !== undefined && { cost: micros }) });
    return micros === undefined || !settings.deck ? undefined : { micros, currency: settings.deck.currency };
  }

  withdrawn({ callId, to, awaited }: CallAttempt): void {
    this.ended(callId, undefined);
    if (!awaited) this.#remember(this.#excused(to));
  }

  settled({ to, method, status, reason, call }: Verification): void {
    // Nobody was rung, so that it says nothing of who is.
    if (method === 'dial-in') return;
    const { now, onStopped } = this.#deps;
    const range = rangeOf(to);
    if (range === undefined) return;
    // Whose numbers pay for each answer can spoil a call too, after it was answered or when it is placed again.
    const isOurFault = reason !== undefined && OUR_FAULT.has(reason) && call.answeredMs === undefined;
    if (isOurFault) this.#remember(this.#excused(to));
    const calls = call.number - (isOurFault ? 1 : 0);
    if (calls === 0) return;
    const group = this.#groupOf(to);
    const line = { type: 'result', at: now(), ...group, calls, verified: status === 'verified' } as const;
    const stopped = this.#book.breaker?.stoppedBy(line) ?? [];
    this.#remember(line);
    for (const kind of stopped) onStopped?.(kind === 'range' ? range : (group.destination ?? range));
  }

  async mayTry(to: string): Promise<AdmissionDecision> {
    const { hash, now, onRefused, onError, refusals } = this.#deps;
    // A code is not lost because a list cannot be read: what was known of it still counts.
    if (refusals.isBehind) await this.#refresh().catch((error: unknown) => onError(error, 'reading what was forgiven'));
    const finding = this.#book.wrongCodes?.judge({ number: numberSubject(hash, to), now: now() });
    if (!finding || finding.allowed) return ALLOWED;
    onRefused?.(finding.rule, finding.code);
    return decisionOf(finding);
  }

  async tried({ to, extension }: CalledPerson, right: boolean): Promise<void> {
    const { hash, now } = this.#deps;
    const behind = extension === undefined ? {} : { extension: numberSubject(hash, destinationOf({ to, extension })) };
    const line = { type: right ? 'right' : 'wrong', at: now(), number: numberSubject(hash, to), ...behind } as const;
    this.#book.apply(line);
    await this.#write(line);
  }

  mayAnswer({ number, isExpected }: IncomingCaller): boolean {
    const { hash, now } = this.#deps;
    const caller = { number: number === undefined ? undefined : numberSubject(hash, number), isExpected };
    return this.#book.incoming?.admit(caller, now()) ?? true;
  }

  #lineOf({ callId, number, range, address, user, party, destination, rate, awaited, now }: CountedCall): LedgerLine {
    const asker = { ...(address !== undefined && { address }), ...(user !== undefined && { user }), party };
    if (awaited) return { type: 'awaited', at: now, ...asker };
    const reserved = rate && this.#book.costs?.reserve(rate);
    return {
      type: 'call',
      at: now,
      call: callId,
      number,
      ...(range !== undefined && { range }),
      ...asker,
      ...(destination !== undefined && { destination }),
      ...(reserved !== undefined && { reserved }),
    };
  }

  #excused(to: string): LedgerLine {
    return { type: 'excused', at: this.#deps.now(), ...this.#groupOf(to), calls: 1 };
  }

  #groupOf(to: string): Pick<CountedCall, 'range' | 'destination'> {
    const { settings, hash } = this.#deps;
    return countedGroup(to, { hash, deck: settings.deck });
  }

  /** For what nobody waits for. */
  #remember(line: LedgerLine): void {
    this.#book.apply(line);
    this.#write(line).catch((error: unknown) => this.#deps.onError(error, 'remembering for the rules'));
  }

  async #write(line: LedgerLine): Promise<void> {
    this.#lines += 1;
    await this.#deps.ledger.append(line);
  }

  #forget(): void {
    const { now, ledger, onError } = this.#deps;
    if (now() - this.#forgotAt < FORGET_EVERY) return;
    this.#forgotAt = now();
    this.#book.forget(now());
    if (this.#lines < COMPACT_AFTER) return;
    this.#lines = 0;
    ledger
      .compact((lines) => stillNeeded(lines, now()))
      .catch((error: unknown) => onError(error, 'shortening the ledger'));
  }
}

function decisionOf(finding: Finding): AdmissionDecision {
  if (finding.allowed) return ALLOWED;
  const { rule, code, waitMs } = finding;
  return {
    allowed: false,
    rule,
    code,
    words: WORDS[code],
    ...(waitMs !== undefined && { retryAfterSeconds: coarseWait(waitMs) }),
  };
}
