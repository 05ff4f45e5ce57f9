import type { Window } from './call-limits.ts';
import type { Rule } from './rule.ts';
import { windowRule } from './window-rule.ts';

/** What the operator grants a relying party; none: as much as all the other rules let through. */
export type PartyLimits = (relyingParty: string) => readonly Window[];

/** Counted where the calls are, so that neither a hundred requests at once nor an erasure gets past it. */
export function partyCallsRule(limitsOf: PartyLimits): Rule {
  /** Undefined where there is nothing to count. */
  const rules = new Map<string, Rule | undefined>();
  const ruleOf = (party: string): Rule | undefined => {
    if (rules.has(party)) return rules.get(party);
    const windows = limitsOf(party);
    const rule = windows.length === 0 ? undefined : ruleFor(windows);
    rules.set(party, rule);
    return rule;
  };
  return {
    name: 'party-calls',
    judge: (call) =>
      ruleOf(call.party)?.judge(call) ?? {
        rule: 'party-calls',
        allowed: true,
        words: () => 'no limit for this relying party',
      },
    apply: (line) => {
      const party = line.type === 'call' || line.type === 'awaited' ? line.party : undefined;
      if (party !== undefined) ruleOf(party)?.apply?.(line);
    },
    forget: (now) => {
      for (const rule of rules.values()) rule?.forget?.(now);
    },
  };
}

function ruleFor(windows: readonly Window[]): Rule {
  return windowRule({
    name: 'party-calls',
    what: 'calls for this relying party',
    windows,
    keyOf: (call) => call.party,
  });
}
