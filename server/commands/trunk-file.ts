import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../config-error.ts';
import { readTrunks, TRUNKS, type TrunkEntry } from '../config-trunks.ts';
import type { Settings } from '../config.ts';
import type { TrunkConfig } from '../telephony/messages.ts';

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
export async function readTrunkFile({ RINGPROOF_TRUNKS: path }: Settings, env: Env): Promise<TrunkFile | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigError([{ name: TRUNKS, expected: 'a file that can be read', got: codeOf(error) }]);
  });
  const entries = readTrunks(text);
  const found = await Promise.all(entries.map(async (entry) => passwordOf(entry, { env, folder: dirname(path) })));
  const problems = found.flatMap((one) => ('problem' in one ? [one.problem] : []));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    trunks: entries.map((entry, index) => trunkOf(entry, found[index])),
    passwordVariables: entries.flatMap(({ passwordEnv }) => passwordEnv ?? []),
  };
}

type Found = { readonly password?: string } | { readonly problem: ConfigError['problems'][number] };

async function passwordOf(
  { name, password, passwordEnv, passwordFile }: TrunkEntry,
  { env, folder }: { readonly env: Env; readonly folder: string },
): Promise<Found> {
  if (passwordEnv !== undefined) {
    const value = env[passwordEnv];
    if (value !== undefined && value !== '') return { password: value };
    const expected = `the environment variable ${passwordEnv}`;
    return { problem: { name: `${TRUNKS} ${name}.passwordEnv`, expected, got: 'nothing' } };
  }
  if (passwordFile !== undefined) {
    try {
      const text = await readFile(resolve(folder, passwordFile), 'utf8');
      return { password: text.trimEnd() };
    } catch (error) {
      const expected = 'a file that can be read';
      return { problem: { name: `${TRUNKS} ${name}.passwordFile`, expected, got: codeOf(error) } };
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

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
}
