import { BreakerRule, type BreakerOptions } from './breaker.ts';
import type { CallLimits } from './call-limits.ts';
import { CostRule, priceRule, type CostCaps } from './costs.ts';
import { countryRule } from './countries.ts';
import type { CountedCall } from './counted-call.ts';
import { doNotCallRule, type Refusals } from './do-not-call.ts';
import type { Finding, Refusal } from './finding.ts';
import { growingDelayRule } from './growing-delay.ts';
import { IncomingCallLimit } from './incoming-call-limit.ts';
import type { LedgerLine } from './ledger.ts';
import { concurrentCallsRule, LiveCalls, oneCallRule } from './live-calls.ts';
import { networkRule } from './networks.ts';
import { entryFor, numberListRule, type NumberListEntry } from './number-list.ts';
import { numberTypeRule, type NumberTypeName } from './number-types.ts';
import type { RateDeck } from './rate-deck.ts';
import { partyCallsRule, type PartyLimits } from './party-calls.ts';
import type { Rule } from './rule.ts';
import { windowRule } from './window-rule.ts';
import { WrongCodesRule } from './wrong-codes.ts';

/** What the operator decided. */
export interface RuleSettings {
  readonly countries: readonly string[] | undefined;
  readonly refusedTypes: readonly NumberTypeName[];
  readonly numberList: readonly NumberListEntry[];
  /** Undefined: nobody counts calls or wrong codes (the local proxy rings nobody who could mind). */
  readonly limits: CallLimits | undefined;
  readonly deck: RateDeck | undefined;
  readonly caps: CostCaps;
  readonly breaker: BreakerOptions | undefined;
  /** Hold also where nobody counts anything else: what a relying party may is between it and the operator. */
  readonly partyLimits: PartyLimits;
  /** Milliseconds that a call can last at most. */
  readonly longestCall: number;
}

export interface RuleBookDeps {
  readonly settings: RuleSettings;
  readonly refusals: Refusals;
}

/** An operator who allows a number by name has answered these already. */
const ANSWERED_BY_THE_LIST: ReadonlySet<string> = new Set(['country', 'number-type', 'network']);

/** Nobody is rung and nothing is paid where a person is waited for to call; what is left is who, and how often. */
const ASKED_OF_AWAITED: ReadonlySet<string> = new Set([
  'number-list',
  'country',
  'number-type',
  'network',
  'party-calls',
  'wrong-codes',
  'user-calls',
  'address-calls',
]);

/** Every rule in its order, and what they remember. */
export class RuleBook {
  readonly live = new LiveCalls();
  readonly wrongCodes: WrongCodesRule | undefined;
  readonly costs: CostRule | undefined;
  readonly breaker: BreakerRule | undefined;
  readonly incoming: IncomingCallLimit | undefined;
  readonly #rules: readonly Rule[];
  readonly #ofAwaited: readonly Rule[];
  readonly #numberList: readonly NumberListEntry[];

  constructor({ settings, refusals }: RuleBookDeps) {
    const { limits, deck, caps, breaker, longestCall } = settings;
    this.#numberList = settings.numberList;
    this.wrongCodes = limits && new WrongCodesRule();
    this.incoming = limits && new IncomingCallLimit({ caller: limits.caller, strangers: limits.gateway });
    this.costs = deck && new CostRule({ ...caps, deck, longestCall });
    this.breaker = breaker && new BreakerRule(breaker);
    this.#rules = [
      numberListRule(settings.numberList),
      doNotCallRule(refusals),
      countryRule(settings.countries),
      numberTypeRule(settings.refusedTypes),
      networkRule(settings.countries !== undefined),
      partyCallsRule(settings.partyLimits),
      ...(limits ? this.#howOften(limits) : []),
      ...(this.costs ? [priceRule(), this.costs] : []),
      ...(this.breaker ? [this.breaker] : []),
    ];
    this.#ofAwaited = this.#rules.filter(({ name }) => ASKED_OF_AWAITED.has(name));
  }

  /** What each rule says, in order; all of them, also after the first that refuses. */
  findings(call: CountedCall): readonly Finding[] {
    return this.#asked(call).map((rule) => rule.judge(call));
  }

  /** What the first rule says that refuses. */
  refusal(call: CountedCall): Refusal | undefined {
    for (const rule of this.#asked(call)) {
      const finding = rule.judge(call);
      if (!finding.allowed) return finding;
    }
    return undefined;
  }

  #asked({ to, awaited }: CountedCall): readonly Rule[] {
    const asked = awaited ? this.#ofAwaited : this.#rules;
    const isAllowedByName = entryFor(this.#numberList, to)?.kind === 'allow';
    return isAllowedByName ? asked.filter(({ name }) => !ANSWERED_BY_THE_LIST.has(name)) : asked;
  }

  apply(line: LedgerLine): void {
    this.live.apply(line);
    for (const rule of this.#rules) rule.apply?.(line);
  }

  forget(now: number): void {
    this.live.forget(now);
    this.incoming?.forget(now);
    for (const rule of this.#rules) rule.forget?.(now);
  }

  #howOften(limits: CallLimits): readonly Rule[] {
    return [
      ...(this.wrongCodes ? [this.wrongCodes] : []),
      oneCallRule(this.live),
      growingDelayRule(limits.delays),
      windowRule({
        name: 'number-calls',
        what: 'calls to this number',
        windows: limits.number,
        keyOf: ({ number }) => number,
      }),
      windowRule({
        name: 'user-calls',
        what: 'calls for this user',
        windows: limits.user,
        keyOf: ({ user }) => user,
      }),
      windowRule({
        name: 'address-calls',
        what: 'calls from this address',
        windows: limits.address,
        keyOf: ({ address }) => address,
      }),
      windowRule({
        name: 'range-calls',
        what: 'calls to numbers that differ in the last four digits',
        windows: limits.range,
        keyOf: ({ range }) => range,
      }),
      windowRule({
        name: 'gateway-calls',
        what: 'calls to anyone',
        windows: limits.gateway,
        // What is only waited for has no number to ring.
        keyOf: ({ number }) => (number === undefined ? undefined : 'gateway'),
      }),
      concurrentCallsRule(this.live, limits.concurrent),
    ];
  }
}
