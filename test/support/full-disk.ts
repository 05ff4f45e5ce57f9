import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * As for a process on a full disk: no file of its own may grow beyond this many bytes, and a write that would is cut
 * off there or refused (EFBIG). Gives the way back.
 */
export async function fillDisk(at = 0, pid = process.pid): Promise<() => Promise<void>> {
  const limit = async (bytes: string): Promise<void> => {
    await run('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
  };
  await limit(String(at));
  return async () => limit('unlimited');
}
