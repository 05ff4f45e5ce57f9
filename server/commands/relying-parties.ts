import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config-error.ts';
import type { Settings } from '../config.ts';
import { RelyingParties } from '../relying-parties/relying-parties.ts';
import { readRelyingParties, RelyingPartiesError } from '../relying-parties/relying-parties-file.ts';

const NAME = 'RINGPROOF_RELYING_PARTIES';

/** @throws ConfigError that names every wrong field of the file */
export async function openRelyingParties(
  { RINGPROOF_RELYING_PARTIES: path, RINGPROOF_INTERNAL_WEBHOOKS: plainToo }: Settings,
  trunks: readonly string[],
): Promise<RelyingParties> {
  if (path === undefined) return new RelyingParties();
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const got = error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
    throw new ConfigError([{ name: NAME, expected: 'a file that can be read', got }]);
  });
  try {
    const { parties, operatorKeys } = readRelyingParties(text, { plainToo, trunks });
    return new RelyingParties(parties, operatorKeys);
  } catch (error) {
    if (!(error instanceof RelyingPartiesError)) throw error;
    const got = 'something else (not shown)';
    throw new ConfigError(error.problems.map(({ field, expected }) => ({ name: `${NAME} ${field}`, expected, got })));
  }
}
