import { parseArgs } from 'node:util';
import { limitsAreOn, readSettings } from '../config.ts';
import { explainCall } from '../rules/explain.ts';
import type { Finding } from '../rules/finding.ts';
import { inOrder } from '../rules/ledger.ts';
import { NumberRegister } from '../rules/number-register.ts';
import { VerificationError } from '../verification/errors.ts';
import { KeyedHash } from '../verification/keyed-hash.ts';
import { numberPlanOf } from './number-plan.ts';
import { openRuleFiles, readRuleSettings } from './rules.ts';
import { secretOf } from './storage.ts';
import { EXIT_FAILURE, UsageError, type Command } from './terminal.ts';

const LIMITS_OFF = 'yes  limits             off: neither calls nor wrong codes are counted (RINGPROOF_LIMITS)';

/**
 * `ringproof explain NUMBER`: what each rule says of a call placed now, with the settings of this environment and the
 * counts beside the store. Counts nothing; exit code 0 when the call would be placed.
 */
export const explain: Command = async (args, { env, stdout }) => {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [typed, ...others] = positionals;
  if (typed === undefined || others.length > 0) throw new UsageError('ringproof explain takes one number');
  const settings = readSettings(env);
  const say = (line: string): void => void stdout.write(`${line}\n`);

  let to: string;
  try {
    to = numberPlanOf(settings).normalise(typed);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    say(`no   number             ${error.message}`);
    say('\nThe call would be refused.');
    return EXIT_FAILURE;
  }

  const { ledger, lines } = openRuleFiles(settings);
  const now = Date.now();
  const hash = new KeyedHash(await secretOf(settings));
  const register = new NumberRegister({ lines, hash, now: () => now });
  const forgiven = await register.refresh();
  const findings = explainCall(to, {
    settings: await readRuleSettings(settings),
    lines: inOrder(await ledger.read(), forgiven),
    refusals: register,
    hash,
    now,
  });

  say(`yes  number             read as ${to}`);
  for (const finding of findings) say(inWords(finding));
  if (!limitsAreOn(settings)) say(LIMITS_OFF);
  const isRefused = findings.some(({ allowed }) => !allowed);
  say(isRefused ? '\nThe call would be refused.' : '\nThe call would be placed.');
  return isRefused ? EXIT_FAILURE : 0;
};

function inWords(finding: Finding): string {
  const wait =
    finding.allowed || finding.waitMs === undefined
      ? ''
      : `; in ${Math.ceil(finding.waitMs / 1_000)} s it may be placed`;
  return `${finding.allowed ? 'yes' : 'no '}  ${finding.rule.padEnd(18)} ${finding.words}${wait}`;
}
