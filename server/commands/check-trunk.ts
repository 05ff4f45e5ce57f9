import { createDatachannelEngine } from '../../sip-gateway/media/datachannel-engine.ts';
import { createPacer } from '../../sip-gateway/media/pacer.ts';
import { loadPromptLibrary } from '../../sip-gateway/prompts/prompt-library.ts';
import { testTrunk } from '../../sip-gateway/trunks/trunk-test.ts';
import { LOCAL_PROXY_PATH, readSettings, type Settings } from '../config.ts';
import { VerificationError } from '../verification/errors.ts';
import { explainCall } from '../rules/explain.ts';
import { NumberRegister } from '../rules/number-register.ts';
import { A_NUMBER, onlyOne, readArguments, shown, wrongArgument } from './arguments.ts';
import { trunkVerdict } from './check-trunk-words.ts';
import { numberPlanOf } from './number-plan.ts';
import { openRuleFiles, readRuleFiles, ruleSettingsOf } from './rules.ts';
import { hashToLookWith } from './storage.ts';
import { EXIT_FAILURE, StartError, type Command } from './terminal.ts';
import { gatewayConfig, trunkOfSettings } from './trunk.ts';
import { readTrunkFile } from './trunk-file.ts';

/** An operator's own call is not counted; but some numbers are not rung, whoever asks. */
const ASKED_RULES: ReadonlySet<string> = new Set(['number-list', 'do-not-call', 'country', 'number-type', 'network']);

/**
 * `ringproof check-trunk NAME NUMBER`: rings NUMBER over this trunk, asks whoever answers to press 1, 2, 3, and says in
 * plain words what came back. Also while no server runs. Exit code 0 when a verification would work.
 */
export const checkTrunk: Command = async (args, { env, stdout, stop }) => {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } });
  const [name, ...rest] = positionals;
  if (name === undefined) throw wrongArgument('NAME', 'the name of a trunk', 'nothing');
  const typed = onlyOne('NUMBER', A_NUMBER, rest);
  const settings = readSettings(env);
  const file = await readTrunkFile(settings, env);
  const proxyUrl = `ws://127.0.0.1:${settings.PORT}${LOCAL_PROXY_PATH}`;
  const trunks = file?.trunks ?? [trunkOfSettings(settings, proxyUrl)];
  const trunk = trunks.find((one) => one.name === name);
  if (!trunk) throw wrongArgument('NAME', `a trunk that there is (${namesOf(trunks)})`, shown(name));
  const to = await allowedNumber(typed, settings);

  const { limits, promptsDir } = gatewayConfig(settings, trunks);
  const locale = settings.RINGPROOF_LOCALE;
  const library = await loadPromptLibrary({
    defaultLocale: locale,
    ...(promptsDir !== undefined && { overrideDir: promptsDir }),
  });
  const engine = createDatachannelEngine();
  const pacer = createPacer();
  try {
    const pack = library.pack(locale);
    const test = await testTrunk({ trunk, to, limits, engine, pacer, pack, stop, now: Date.now });
    const verdict = trunkVerdict(test);
    if (values.json === true) stdout.write(`${JSON.stringify({ trunk: name, works: verdict.works, ...test })}\n`);
    else stdout.write(`${verdict.lines.join('\n')}\n`);
    return verdict.works ? 0 : EXIT_FAILURE;
  } finally {
    pacer.close();
    engine.close();
  }
};

/** @throws StartError when this number is not rung, whoever asks */
async function allowedNumber(typed: string, settings: Settings): Promise<string> {
  let to: string;
  try {
    to = numberPlanOf(settings).normalise(typed);
  } catch (error) {
    if (error instanceof VerificationError) throw new StartError(error.code, error.message);
    throw error;
  }
  const { lines } = openRuleFiles(settings);
  const now = Date.now();
  const hash = await hashToLookWith(settings);
  const register = new NumberRegister({ lines, hash, now: () => now });
  await register.refresh();
  const rules = ruleSettingsOf(settings, await readRuleFiles(settings));
  const refused = explainCall(to, { settings: rules, lines: [], refusals: register, hash, now }).find(
    ({ rule, allowed }) => !allowed && ASKED_RULES.has(rule),
  );
  if (refused) throw new StartError('number_not_allowed', `This number is not rung: ${refused.words}`);
  return to;
}

function namesOf(trunks: readonly { readonly name: string }[]): string {
  return trunks.map(({ name }) => name).join(', ');
}
