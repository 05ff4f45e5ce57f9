import { ConfigError } from '../config-error.ts';
import { limitsAreOn, type Settings } from '../config.ts';
import type { Log } from '../log.ts';
import { RuledAdmission } from '../rules/admission.ts';
import { DEFAULT_BREAKER } from '../rules/breaker.ts';
import { DEFAULT_LIMITS, type Window } from '../rules/call-limits.ts';
import type { RuleName } from '../rules/finding.ts';
import { decodeLedgerLine } from '../rules/ledger.ts';
import { parseNumberList } from '../rules/number-list.ts';
import { decodeRegisterLine, NumberRegister, type OperatorDecision } from '../rules/number-register.ts';
import { parseRateDeck } from '../rules/rate-deck.ts';
import type { RuleSettings } from '../rules/rule-book.ts';
import type { RelyingParty } from '../relying-parties/relying-parties-file.ts';
import { RelyingParties } from '../relying-parties/relying-parties.ts';
import { openLines } from '../storage/open-store.ts';
import { readSettingsFile } from './settings-file.ts';
import { KeyedHash } from '../verification/keyed-hash.ts';

/** How long a call can last after its answer, and the words of the verdict. */
const FAREWELL = 15_000;

type NamesFiles = Pick<Settings, 'RINGPROOF_RATE_DECK' | 'RINGPROOF_NUMBER_LIST'>;

/** The two files that settings of the rules name. */
export interface RuleFiles {
  readonly deck: RuleSettings['deck'];
  readonly numberList: RuleSettings['numberList'];
}

/** @throws ConfigError that names each file that cannot be read or used */
export async function readRuleFiles(settings: NamesFiles): Promise<RuleFiles> {
  const [deck, numberList] = await Promise.allSettled([
    readWith(settings, 'RINGPROOF_RATE_DECK', parseRateDeck),
    readWith(settings, 'RINGPROOF_NUMBER_LIST', parseNumberList),
  ]);
  if (deck.status === 'fulfilled' && numberList.status === 'fulfilled') {
    return { deck: deck.value, numberList: numberList.value ?? [] };
  }
  throw new ConfigError(
    [deck, numberList].flatMap((read) => {
      if (read.status === 'fulfilled') return [];
      if (read.reason instanceof ConfigError) return read.reason.problems;
      throw read.reason;
    }),
  );
}

/** @param parties absent: nobody has limits of its own */
export function ruleSettingsOf(
  settings: Settings,
  { deck, numberList }: RuleFiles,
  parties: Pick<RelyingParties, 'find'> = new RelyingParties(),
): RuleSettings {
  return {
    countries: settings.RINGPROOF_COUNTRIES,
    refusedTypes: settings.RINGPROOF_REFUSED_TYPES,
    numberList,
    limits: limitsAreOn(settings)
      ? {
          number: settings.RINGPROOF_LIMIT_NUMBER,
          user: settings.RINGPROOF_LIMIT_USER,
          address: settings.RINGPROOF_LIMIT_ADDRESS,
          range: settings.RINGPROOF_LIMIT_RANGE,
          gateway: settings.RINGPROOF_LIMIT_GATEWAY,
          caller: settings.RINGPROOF_LIMIT_CALLER,
          concurrent: settings.RINGPROOF_MAX_CALLS,
          delays: DEFAULT_LIMITS.delays,
        }
      : undefined,
    deck,
    caps: { perDay: settings.RINGPROOF_COST_PER_DAY, perPrefixAndDay: settings.RINGPROOF_COST_PER_PREFIX },
    breaker:
      limitsAreOn(settings) && settings.RINGPROOF_MIN_VERIFIED > 0
        ? { ...DEFAULT_BREAKER, threshold: settings.RINGPROOF_MIN_VERIFIED / 100 }
        : undefined,
    partyLimits: (id) => windowsOf(parties.find(id)?.limits),
    longestCall: settings.RINGPROOF_CALL_TIMEOUT + FAREWELL,
  };
}

export interface Rules {
  readonly admission: RuledAdmission;
  readonly register: NumberRegister;
  /** Tells of what the operator decided by commands, that was before too. */
  onDecision(listener: (decision: OperatorDecision) => void): void;
  close(): Promise<void>;
}

export interface RulesDeps {
  /** Absent: nobody has a limit of its own. */
  readonly parties?: RelyingParties;
  /** Absent: they are read. */
  readonly files?: RuleFiles | undefined;
  readonly onRefused?: (rule: RuleName) => void;
  readonly secret: Uint8Array;
  readonly log: Log;
  readonly now: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** Opens the rules with what they remember beside the store. @throws ConfigError, or the storage's own error */
export async function openRules(
  settings: Settings,
  { parties, files, secret, log, now, onError, onRefused }: RulesDeps,
): Promise<Rules> {
  const ruleSettings = ruleSettingsOf(settings, files ?? (await readRuleFiles(settings)), parties);
  const hash = new KeyedHash(secret);
  const { ledger, lines } = openRuleFiles(settings, log);
  let decisions: readonly OperatorDecision[] = [];
  let tell = (decision: OperatorDecision): void => void (decisions = [...decisions, decision]);
  const register = new NumberRegister({ lines, hash, now, onDecision: (decision) => tell(decision) });
  const admission = await RuledAdmission.open({
    settings: ruleSettings,
    ledger,
    refusals: register,
    hash,
    now,
    onRefused: (rule, problem) => {
      log('info', 'rules.refused', { rule, problem });
      onRefused?.(rule);
    },
    onStopped: (prefix) => log('warn', 'rules.calls-stopped', { prefix }),
    onError,
  });
  return {
    admission,
    register,
    onDecision: (listener) => {
      tell = listener;
      for (const decision of decisions) listener(decision);
      decisions = [];
    },
    close: async () => {
      await ledger.close();
      await lines.close();
    },
  };
}

/** The two files of the rules, beside the store. */
export function openRuleFiles({ RINGPROOF_STORE: url }: Settings, log: Log = () => {}) {
  const onDamaged = (file: string) => (count: number) => log('warn', 'rules.damaged-lines', { file, count });
  return {
    // A power cut may take the last moments of the counts; it is not an attacker's to have.
    ledger: openLines(url, 'calls', { decode: decodeLedgerLine, flush: false, onDamaged: onDamaged('calls') }),
    lines: openLines(url, 'do-not-call', {
      decode: decodeRegisterLine,
      flush: true,
      onDamaged: onDamaged('do-not-call'),
    }),
  };
}

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

function windowsOf({ perHour, perDay }: RelyingParty['limits'] = {}): readonly Window[] {
  return [
    ...(perHour === undefined ? [] : [{ calls: perHour, seconds: HOUR_SECONDS }]),
    ...(perDay === undefined ? [] : [{ calls: perDay, seconds: DAY_SECONDS }]),
  ];
}

async function readWith<T>(
  settings: NamesFiles,
  name: keyof NamesFiles,
  parse: (text: string) => T,
): Promise<T | undefined> {
  const file = settings[name];
  if (file === undefined) return undefined;
  const text = await readSettingsFile(name, file);
  try {
    return parse(text);
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ name, expected: 'a file that can be used', got }]);
  }
}
