import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config-error.ts';
import { limitsAreOn, type Settings } from '../config.ts';
import type { Log } from '../log.ts';
import { RuledAdmission } from '../rules/admission.ts';
import { DEFAULT_BREAKER } from '../rules/breaker.ts';
import { DEFAULT_LIMITS, type Window } from '../rules/call-limits.ts';
import type { RuleName } from '../rules/finding.ts';
import { decodeLedgerLine } from '../rules/ledger.ts';
import { parseNumberList } from '../rules/number-list.ts';
import { decodeRegisterLine, NumberRegister } from '../rules/number-register.ts';
import { parseRateDeck } from '../rules/rate-deck.ts';
import type { RuleSettings } from '../rules/rule-book.ts';
import type { RelyingParty } from '../relying-parties/relying-parties-file.ts';
import { RelyingParties } from '../relying-parties/relying-parties.ts';
import { openLines } from '../storage/open-store.ts';
import { KeyedHash } from '../verification/keyed-hash.ts';

/** How long a call can last after its answer, and the words of the verdict. */
const FAREWELL = 15_000;

/** @throws ConfigError when a file that a setting names cannot be read or used */
export async function readRuleSettings(
  settings: Settings,
  parties: Pick<RelyingParties, 'find'> = new RelyingParties(),
): Promise<RuleSettings> {
  const deck = await readWith(settings, 'RINGPROOF_RATE_DECK', parseRateDeck);
  return {
    countries: settings.RINGPROOF_COUNTRIES,
    refusedTypes: settings.RINGPROOF_REFUSED_TYPES,
    numberList: (await readWith(settings, 'RINGPROOF_NUMBER_LIST', parseNumberList)) ?? [],
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
  close(): Promise<void>;
}

export interface RulesDeps {
  /** Absent: nobody has a limit of its own. */
  readonly parties?: RelyingParties;
  readonly onRefused?: (rule: RuleName) => void;
  readonly secret: Uint8Array;
  readonly log: Log;
  readonly now: () => number;
  readonly onError: (error: unknown, what: string) => void;
}

/** Opens the rules with what they remember beside the store. @throws ConfigError, or the storage's own error */
export async function openRules(
  settings: Settings,
  { parties, secret, log, now, onError, onRefused }: RulesDeps,
): Promise<Rules> {
  const ruleSettings = await readRuleSettings(settings, parties);
  const hash = new KeyedHash(secret);
  const { ledger, lines } = openRuleFiles(settings, log);
  const register = new NumberRegister({ lines, hash, now });
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
  settings: Settings,
  name: 'RINGPROOF_RATE_DECK' | 'RINGPROOF_NUMBER_LIST',
  parse: (text: string) => T,
): Promise<T | undefined> {
  const file = settings[name];
  if (file === undefined) return undefined;
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ name, expected: 'a file that can be used', got }]);
  }
}
