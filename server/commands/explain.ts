import { limitsAreOn, readSettings } from '../config.ts';
import { spanInWords } from '../rules/call-limits.ts';
import { explainCall } from '../rules/explain.ts';
import type { Finding } from '../rules/finding.ts';
import { inOrder } from '../rules/ledger.ts';
import { REMEDIES } from '../rules/remedies.ts';
import { NumberRegister } from '../rules/number-register.ts';
import { unbegun } from '../storage/open-store.ts';
import { VerificationError } from '../verification/errors.ts';
import { isSipUri } from '../verification/sip-destination.ts';
import { A_NUMBER, onlyOne, readArguments } from './arguments.ts';
import { trunkFinding } from './explain-trunk.ts';
import { numberPlanOf } from './number-plan.ts';
import { openRuleFiles, readRuleFiles, ruleSettingsOf } from './rules.ts';
import { hashToLookWith } from './storage.ts';
import { EXIT_FAILURE, type Command } from './terminal.ts';
import { readTrunkFile } from './trunk-file.ts';

const TRUNK_REMEDY = 'give a trunk of RINGPROOF_TRUNKS a prefix that fits it';

const DOMAIN_REMEDY = 'name the domain in RINGPROOF_SIP_DOMAINS';

const LIMITS_OFF = 'yes  limits             off: neither calls nor wrong codes are counted (RINGPROOF_LIMITS)';

/**
 * `ringproof explain NUMBER`: what each rule says of a call placed now, with the settings of this environment and the
 * counts beside the store. Counts nothing; exit code 0 when the call would be placed.
 */
export const explain: Command = async (args, { env, stdout }) => {
  const typed = onlyOne('NUMBER', A_NUMBER, readArguments(args, {}).positionals);
  const settings = readSettings(env);
  const trunks = await readTrunkFile(settings, env);
  const say = (line: string): void => void stdout.write(`${line}\n`);

  let to: string;
  try {
    to = numberPlanOf(settings).normalise(typed);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    say(`no   number             ${error.message}`);
    const status = error.code === 'invalid_number' ? 422 : 403;
    say(`\nThe call would be refused. The visitor is told ${status} ${error.code}.`);
    if (error.code === 'number_not_allowed' && isSipUri(typed)) say(`To have it placed: ${DOMAIN_REMEDY}.`);
    return EXIT_FAILURE;
  }

  const { ledger, lines } = openRuleFiles(settings);
  const now = Date.now();
  const hash = await hashToLookWith(settings);
  const register = new NumberRegister({ lines, hash, now: () => now });
  const forgiven = await register.refresh();
  const findings = explainCall(to, {
    settings: ruleSettingsOf(settings, await readRuleFiles(settings)),
    lines: inOrder(await ledger.read(), forgiven),
    refusals: register,
    hash,
    now,
  });

  const missing = await unbegun(settings.RINGPROOF_STORE);
  if (missing !== undefined) say(`There is no store at ${missing}: nothing was counted, the settings decide alone.`);
  say(`yes  number             read as ${to}`);
  for (const finding of findings) say(inWords(finding));
  if (!limitsAreOn(settings)) say(LIMITS_OFF);
  const { carried, words } = trunkFinding(to, settings, trunks);
  say(`${carried ? 'yes' : 'no '}  trunk              ${words}`);
  const decider = findings.find(isRefusal);
  if (!decider && carried) {
    say('\nThe call would be placed.');
    return 0;
  }
  const { code, rule } = decider ?? { code: 'number_not_allowed', rule: 'trunk' };
  const status = code === 'rate_limited' ? 429 : 403;
  say(`\nThe call would be refused. The visitor is told ${status} ${code}, and not which rule it was: ${rule}.`);
  say(`To have it placed: ${decider ? REMEDIES[decider.rule] : TRUNK_REMEDY}.`);
  return EXIT_FAILURE;
};

function isRefusal(finding: Finding<string>): finding is Extract<Finding<string>, { readonly allowed: false }> {
  return !finding.allowed;
}

function inWords(finding: Finding<string>): string {
  const wait =
    finding.allowed || finding.waitMs === undefined
      ? ''
      : `; this rule lets it through in ${waitInWords(finding.waitMs / 1_000)}`;
  return `${finding.allowed ? 'yes' : 'no '}  ${finding.rule.padEnd(18)} ${finding.words}${wait}`;
}

/** To the second for a while, to the minute for longer. */
function waitInWords(seconds: number): string {
  const unit = seconds > 300 ? 60 : 1;
  return spanInWords(Math.ceil(seconds / unit) * unit);
}
