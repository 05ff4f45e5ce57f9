import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FolderSync } from './folder-sync.ts';
import { makeFolder } from './make-folder.ts';
import { damaged, hasErrorCode } from './storage-error.ts';

const SECRET_BYTES = 32;

/**
 * The server's secret as it is kept in this file (base64url, for its owner's eyes only); undefined without the file.
 * @throws StorageError `damaged` when the file holds no secret of at least 32 bytes
 */
export async function readSecret(file: string): Promise<Uint8Array | undefined> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const secret = Buffer.from(text, 'base64url');
  // A text that is not base64url decodes to something shorter, silently.
  if (secret.length < SECRET_BYTES || secret.toString('base64url') !== text) throw damaged(file, 'no secret');
  return secret;
}

/** Makes the secret at the first start. */
export async function makeSecret(file: string): Promise<Uint8Array> {
  await makeFolder(dirname(file));
  const secret = randomBytes(SECRET_BYTES);
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(`${secret.toString('base64url')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Not a rename: of two that start together the first one's secret stands, and the other reads it.
    await link(temporary, file);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  const folder = new FolderSync(dirname(file));
  await folder.sync();
  await folder.close();
  return (await readSecret(file)) ?? secret;
}
