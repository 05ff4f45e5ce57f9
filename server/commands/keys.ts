import { readSettings } from '../config.ts';
import { rotateKeys } from '../receipts/receipts.ts';
import { hashOf, newApiKey } from '../relying-parties/api-key.ts';
import { SCOPES, type Scope } from '../relying-parties/relying-parties-file.ts';
import { fileBeside } from '../storage/open-store.ts';
import { nothingMore, onlyOne, readArguments, shown, wrongAction, wrongArgument } from './arguments.ts';
import { keyRingFile } from './receipts.ts';
import { requireStore } from './storage.ts';
import { StartError, type Command, type Terminal } from './terminal.ts';

const PARTY = 'the id of one relying party: 1 to 40 letters, digits, _ or -';

/** `ringproof keys …`: may run beside the server, which takes up what it finds. */
export const keys: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, { scope: { type: 'string' } });
  const [action = '', ...rest] = positionals;
  if (action === 'new') return makeKey(onlyOne('PARTY', PARTY, rest), readScopes(values.scope), terminal);
  if (action !== 'rotate') throw wrongAction('new or rotate', action);
  nothingMore(rest);
  if (values.scope !== undefined) throw wrongArgument('--scope', 'nothing, as receipts have no scopes', 'a value');
  return rotate(terminal);
};

async function rotate({ env, stdout }: Terminal): Promise<number> {
  const settings = readSettings(env);
  if (fileBeside(settings.RINGPROOF_STORE, '') === undefined) {
    throw new StartError(
      'nothing_kept',
      'With RINGPROOF_STORE=memory: every start has new keys; there is nothing to rotate',
    );
  }
  await requireStore(settings);
  const file = await keyRingFile(settings);
  try {
    stdout.write(`Receipts are signed with the key ${await rotateKeys(file, Date.now())} from now on.\n`);
    return 0;
  } finally {
    await file.close();
  }
}

/** Prints the key for its holder and the hash for the file; it is kept nowhere. */
function makeKey(party: string, scopes: readonly Scope[], { stdout }: Terminal): number {
  if (!/^[\w-]{1,40}$/.test(party)) throw wrongArgument('PARTY', PARTY, shown(party));
  const key = newApiKey();
  const entry = JSON.stringify({ hash: hashOf(key), scopes });
  stdout.write(
    `The key of ${party}, shown only now:\n  ${key}\nIts entry among the keys of ${party} in RINGPROOF_RELYING_PARTIES:\n  ${entry}\n`,
  );
  return 0;
}

function readScopes(typed: string | undefined): readonly Scope[] {
  if (typed === undefined) return SCOPES;
  const names = typed.split(',').map((name) => name.trim());
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  if (names.every((name) => SCOPES.some((scope) => scope === name))) return scopes;
  throw wrongArgument('--scope', `some of ${SCOPES.join(',')}`, shown(typed));
}
