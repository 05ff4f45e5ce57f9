import { ConfigError } from '../config-error.ts';
import type { Settings } from '../config.ts';
import { RelyingParties } from '../relying-parties/relying-parties.ts';
import { readRelyingParties, RelyingPartiesError } from '../relying-parties/relying-parties-file.ts';
import { readSettingsFile } from './settings-file.ts';

const NAME = 'RINGPROOF_RELYING_PARTIES';
type NamesFile = Pick<Settings, typeof NAME | 'RINGPROOF_INTERNAL_WEBHOOKS'>;

/**
 * @param trunks those that a relying party may choose; absent: any
 * @throws ConfigError that names every wrong field of the file
 */
export async function openRelyingParties(
  { RINGPROOF_RELYING_PARTIES: path, RINGPROOF_INTERNAL_WEBHOOKS: plainToo }: NamesFile,
  trunks?: readonly string[],
): Promise<RelyingParties> {
  if (path === undefined) return new RelyingParties();
  const text = await readSettingsFile(NAME, path);
  try {
    const { parties, operatorKeys } = readRelyingParties(text, { plainToo, ...(trunks && { trunks }) });
    return new RelyingParties(parties, operatorKeys);
  } catch (error) {
    if (!(error instanceof RelyingPartiesError)) throw error;
    const got = 'something else (not shown)';
    throw new ConfigError(error.problems.map(({ field, expected }) => ({ name: `${NAME} ${field}`, expected, got })));
  }
}
