import { readSettings } from '../config.ts';
import { rotateKeys } from '../receipts/receipts.ts';
import { fileBeside } from '../storage/open-store.ts';
import { keyRingFile } from './receipts.ts';
import { StartError, UsageError, type Command, type Terminal } from './terminal.ts';

/** `ringproof keys …`: may run beside the server, which takes up what it finds. */
export const keys: Command = async ([action, ...rest], terminal) => {
  if (action === 'rotate' && rest.length === 0) return rotate(terminal);
  throw new UsageError('Expected: ringproof keys rotate');
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
