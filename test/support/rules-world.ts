import { RuledAdmission } from '../../server/rules/admission.ts';
import { DEFAULT_BREAKER } from '../../server/rules/breaker.ts';
import { DEFAULT_LIMITS } from '../../server/rules/call-limits.ts';
import type { RuleName } from '../../server/rules/finding.ts';
import type { LedgerLine } from '../../server/rules/ledger.ts';
import { NumberRegister, type RegisterLine } from '../../server/rules/number-register.ts';
import { REFUSED_TYPES } from '../../server/rules/number-types.ts';
import type { RuleSettings } from '../../server/rules/rule-book.ts';
import { MemoryLines } from '../../server/storage/memory-lines.ts';
import { KeyedHash } from '../../server/verification/keyed-hash.ts';
import type { AdmissionDecision, CallAttempt } from '../../server/verification/ports.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const SECRET = new Uint8Array(32).fill(7);

const OPEN: RuleSettings = {
  countries: ['US', 'GB'],
  refusedTypes: REFUSED_TYPES,
  numberList: [],
  limits: DEFAULT_LIMITS,
  deck: undefined,
  caps: {},
  breaker: DEFAULT_BREAKER,
  partyLimits: () => [],
  longestCall: 2 * MINUTE,
};

export interface RulesWorld {
  readonly admission: RuledAdmission;
  readonly register: NumberRegister;
  readonly clock: FakeClock;
  /** The rules that refused, in order. */
  readonly refused: RuleName[];
  readonly stopped: string[];
  readonly ledger: MemoryLines<LedgerLine>;
  /** Asks for one call. */
  readonly ask: (to: string, attempt?: Partial<CallAttempt>) => Promise<AdmissionDecision>;
  /** Asks for one call, which is over at once. */
  readonly ring: (to: string, attempt?: Partial<CallAttempt>) => Promise<AdmissionDecision>;
  /** The same rules in a process that starts now. */
  readonly restarted: () => Promise<RulesWorld>;
}

/** What of a decision is told to whoever asked. */
export function toldOf(decision: AdmissionDecision): object {
  const { rule: _forTheRecords, ...told } = { rule: undefined, ...decision };
  return told;
}

interface Kept {
  readonly clock: FakeClock;
  readonly ledger: MemoryLines<LedgerLine>;
  readonly lines: MemoryLines<RegisterLine>;
}

let calls = 0;

/** The rules with a clock of the test; say only the settings that the test is about. */
export async function rulesWorld(
  settings: Partial<RuleSettings> = {},
  kept: Kept = { clock: new FakeClock(), ledger: new MemoryLines(), lines: new MemoryLines() },
): Promise<RulesWorld> {
  const { clock, ledger, lines } = kept;
  const hash = new KeyedHash(SECRET);
  const refused: RuleName[] = [];
  const stopped: string[] = [];
  await lines.compact((all) => all);
  const register = new NumberRegister({ lines: rewound(lines), hash, now: clock.now });
  const admission = await RuledAdmission.open({
    settings: { ...OPEN, ...settings },
    ledger,
    refusals: register,
    hash,
    now: clock.now,
    onRefused: (rule) => refused.push(rule),
    onStopped: (range) => stopped.push(range),
    onError: (error) => {
      throw error;
    },
  });
  const ask = async (to: string, attempt: Partial<CallAttempt> = {}): Promise<AdmissionDecision> => {
    calls += 1;
    return admission.admit({ callId: `call_${calls}`, relyingParty: 'shop', to, ...attempt });
  };
  return {
    admission,
    register,
    clock,
    refused,
    stopped,
    ledger,
    ask,
    ring: async (to, attempt = {}) => {
      const decision = await ask(to, attempt);
      if (decision.allowed) admission.ended(attempt.callId ?? `call_${calls}`, undefined);
      return decision;
    },
    restarted: async () => rulesWorld(settings, kept),
  };
}

/** Read from its beginning, as a new process reads a file. */
function rewound(lines: MemoryLines<RegisterLine>) {
  let first = true;
  return {
    readNew: async () => {
      const fresh = await (first ? lines.read() : lines.readNew());
      first = false;
      return fresh;
    },
    hasNew: () => first || lines.hasNew(),
    append: async (line: RegisterLine) => lines.append(line),
  };
}
