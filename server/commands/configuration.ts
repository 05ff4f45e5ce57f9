import { readdir } from 'node:fs/promises';
import { ConfigError, type ConfigProblem } from '../config-error.ts';
import { readSettings, type Settings } from '../config.ts';
import type { RelyingParties } from '../relying-parties/relying-parties.ts';
import { openRelyingParties } from './relying-parties.ts';
import { readRuleFiles, type RuleFiles } from './rules.ts';
import { unreadable } from './settings-file.ts';
import { nameOfTrunk } from './trunk.ts';
import { readTrunkFile, type TrunkFile } from './trunk-file.ts';

type Env = Readonly<Record<string, string | undefined>>;
type NamesFiles = Pick<
  Settings,
  | 'RINGPROOF_TRUNKS'
  | 'RINGPROOF_SIP_URL'
  | 'RINGPROOF_RELYING_PARTIES'
  | 'RINGPROOF_INTERNAL_WEBHOOKS'
  | 'RINGPROOF_RATE_DECK'
  | 'RINGPROOF_NUMBER_LIST'
  | 'RINGPROOF_PROMPTS_DIR'
>;

/** All that a server is told. */
export interface Configuration {
  readonly settings: Settings;
  readonly trunkFile: TrunkFile | undefined;
  readonly parties: RelyingParties;
  readonly ruleFiles: RuleFiles;
}

/**
 * Reads the environment and every file that it names.
 * @throws ConfigError that names whatever is wrong in any of them: nobody should have to start six times
 */
export async function readConfiguration(env: Env): Promise<Configuration> {
  const problems: ConfigProblem[] = [];
  const tried = async <T>(read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const settings = await tried(() => readSettings(env));
  const named = settings ?? filesNamedIn(env);
  const before = problems.length;
  const trunkFile = await tried(async () => readTrunkFile(named, env));
  // Of trunks that cannot be read no names are known, and none is called wrong for it.
  const trunks = problems.length > before ? undefined : (trunkFile?.trunks ?? [{ name: nameOfTrunk(named) }]);
  const parties = await tried(async () =>
    openRelyingParties(
      named,
      trunks?.map(({ name }) => name),
    ),
  );
  const ruleFiles = await tried(async () => readRuleFiles(named));
  await tried(async () => lookInto(named));
  if (!settings || !parties || !ruleFiles || problems.length > 0) throw new ConfigError(problems);
  return { settings, trunkFile, parties, ruleFiles };
}

/** What can be looked at though other settings are wrong. */
function filesNamedIn(env: Env): NamesFiles {
  const named = (name: keyof NamesFiles): string | undefined => env[name] || undefined;
  return {
    RINGPROOF_TRUNKS: named('RINGPROOF_TRUNKS'),
    RINGPROOF_SIP_URL: named('RINGPROOF_SIP_URL'),
    RINGPROOF_RELYING_PARTIES: named('RINGPROOF_RELYING_PARTIES'),
    RINGPROOF_INTERNAL_WEBHOOKS: named('RINGPROOF_INTERNAL_WEBHOOKS')?.toLowerCase() === 'on',
    RINGPROOF_RATE_DECK: named('RINGPROOF_RATE_DECK'),
    RINGPROOF_NUMBER_LIST: named('RINGPROOF_NUMBER_LIST'),
    RINGPROOF_PROMPTS_DIR: named('RINGPROOF_PROMPTS_DIR'),
  };
}

/** The recordings themselves are the voice server's to judge. */
async function lookInto({ RINGPROOF_PROMPTS_DIR: folder }: NamesFiles): Promise<void> {
  if (folder === undefined) return;
  await readdir(folder).catch((error: unknown) => {
    const expected = 'a folder of recordings that can be read';
    throw unreadable({ name: 'RINGPROOF_PROMPTS_DIR', path: folder, expected }, error);
  });
}
