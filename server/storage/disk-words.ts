import { statfs } from 'node:fs/promises';

/** What an operator can do about a write that the system refuses. */
const CURES: Readonly<Record<string, string>> = {
  ENOSPC: 'make room there',
  EDQUOT: 'make room there, or raise the quota of this user',
  EROFS: 'mount it so that it can be written',
  EACCES: 'let this user write there',
  EPERM: 'let this user write there',
};

const MIB = 1024 * 1024;

/** The system's code of a failure, from as deep as it lies: `ENOSPC`. */
export function systemCodeOf(error: unknown): string {
  let code = 'unknown';
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('syscall' in each && 'code' in each) code = String(each.code);
  }
  return code;
}

export function cureFor(code: string): string {
  return CURES[code] ?? 'see what keeps it from being written';
}

/** `0.3 MiB`, rounded up. */
export function inMib(bytes: number): string {
  return `${(Math.ceil((bytes / MIB) * 10) / 10).toFixed(1)} MiB`;
}

/** What this user may still write to the disk of a folder, in bytes; undefined where the system does not say. */
export async function roomIn(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}
