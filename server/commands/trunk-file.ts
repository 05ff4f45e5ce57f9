import { dirname, resolve } from 'node:path';
import { ConfigError } from '../config-error.ts';
import { readTrunks, TRUNKS, type TrunkEntry } from '../config-trunks.ts';
import type { Settings } from '../config.ts';
import type { TrunkConfig } from '../telephony/messages.ts';
import { readSettingsFile } from './settings-file.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface TrunkFile {
  /** In order of preference. */
  readonly trunks: readonly TrunkConfig[];
  /** The environment variables that hold passwords: nobody else's business. */
  readonly passwordVariables: readonly string[];
}

/**
 * The trunks of `RINGPROOF_TRUNKS`, their passwords fetched; undefined without that setting.
 * @throws ConfigError that names every wrong trunk and field
 */
export async function readTrunkFile(
  { RINGPROOF_TRUNKS: path }: Pick<Settings, typeof TRUNKS>,
  env: Env,
): Promise<TrunkFile | undefined> {
  if (path === undefined) return undefined;
  const entries = readTrunks(await readSettingsFile(TRUNKS, path));
  const found = await Promise.all(entries.map(async (entry) => passwordOf(entry, { env, folder: dirname(path) })));
  const problems = found.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    trunks: entries.map((entry, index) => trunkOf(entry, found[index])),
    passwordVariables: entries.flatMap(({ passwordEnv }) => passwordEnv ?? []),
  };
}

type Found = { readonly password?: string } | { readonly problems: ConfigError['problems'] };

async function passwordOf(
  { name, password, passwordEnv, passwordFile }: TrunkEntry,
  { env, folder }: { readonly env: Env; readonly folder: string },
): Promise<Found> {
  if (passwordEnv !== undefined) {
    const value = env[passwordEnv];
    if (value !== undefined && value !== '') return { password: value };
    const expected = `the environment variable ${passwordEnv}`;
    return { problems: [{ name: `${TRUNKS} ${name}.passwordEnv`, expected, got: 'nothing' }] };
  }
  if (passwordFile !== undefined) {
    try {
      const text = await readSettingsFile(`${TRUNKS} ${name}.passwordFile`, resolve(folder, passwordFile));
      return { password: text.trimEnd() };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return { problems: error.problems };
    }
  }
  return password === undefined ? {} : { password };
}

function trunkOf(entry: TrunkEntry, found: Found = {}): TrunkConfig {
  const { name, url, uri, register, dtlsSetup, codecs, dtmf } = entry;
  const { authUser, callerId, mediaAddress, mediaPorts, prefixes, maxCalls, callsPerSecond } = entry;
  return {
    name,
    url,
    uri,
    register,
    dtlsSetup,
    codecs,
    dtmf,
    ...('password' in found && found.password !== undefined && { password: found.password }),
    ...(authUser !== undefined && { authUser }),
    ...(callerId !== undefined && { callerId }),
    ...(mediaAddress !== undefined && { mediaAddress }),
    ...(mediaPorts && { mediaPorts }),
    ...(prefixes && { prefixes }),
    ...(maxCalls !== undefined && { maxCalls }),
    ...(callsPerSecond !== undefined && { callsPerSecond }),
  };
}
