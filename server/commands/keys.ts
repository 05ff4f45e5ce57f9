import { parseArgs } from 'node:util';
import { readSettings } from '../config.ts';
import { rotateKeys } from '../receipts/receipts.ts';
import { hashOf, newApiKey } from '../relying-parties/api-key.ts';
import { SCOPES } from '../relying-parties/relying-parties-file.ts';
import { fileBeside } from '../storage/open-store.ts';
import { keyRingFile } from './receipts.ts';
import { StartError, UsageError, type Command, type Terminal } from './terminal.ts';

/** `ringproof keys …`: may run beside the server, which takes up what it finds. */
export const keys: Command = async ([action, ...rest], terminal) => {
  if (action === 'rotate' && rest.length === 0) return rotate(terminal);
  if (action === 'new') return makeKey(rest, terminal);
  throw new UsageError('Expected: ringproof keys rotate, or ringproof keys new PARTY');
};

async function rotate({ env, stdout }: Terminal): Promise<number> {
  const settings = readSettings(env);
  if (fileBeside(settings.RINGPROOF_STORE, '') === undefined) {
    throw new StartError(
      'nothing_kept',
      'With RINGPROOF_STORE=memory: every start has new keys; there is nothing to rotate',
    );
  }
  const file = await keyRingFile(settings);
  try {
    stdout.write(`Receipts are signed with the key ${await rotateKeys(file, Date.now())} from now on.\n`);
    return 0;
  } finally {
    await file.close();
  }
}

/** Prints the key for its holder and the hash for the file; it is kept nowhere. */
function makeKey(args: readonly string[], { stdout }: Terminal): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { scope: { type: 'string', default: SCOPES.join(',') } },
  });
  const scopes = values.scope.split(',');
  const [party = '', ...others] = positionals;
  const known: readonly string[] = SCOPES;
  if (!/^[\w-]{1,40}$/.test(party) || others.length > 0 || scopes.some((scope) => !known.includes(scope))) {
    throw new UsageError(`Expected: ringproof keys new PARTY [--scope ${SCOPES.join(',')}]`);
  }
  const key = newApiKey();
  const entry = JSON.stringify({ hash: hashOf(key), scopes });
  stdout.write(
    `The key of ${party}, shown only now:\n  ${key}\nIts entry among the keys of ${party} in RINGPROOF_RELYING_PARTIES:\n  ${entry}\n`,
  );
  return 0;
}
