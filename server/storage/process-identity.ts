import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';

/** Which process this is, so that another can tell later whether it is still there. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in ticks since boot: a number that a later process with the same pid does not have. */
  readonly startedAt: string;
  /** Where its pid means something: this boot of this machine, this container. */
  readonly place: string;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const { pid } = process;
  const startedAt = (await startOf(pid)) ?? String(Math.floor(performance.timeOrigin));
  const boot = await readOrEmpty(async () => readFile('/proc/sys/kernel/random/boot_id', 'utf8'));
  const container = await readOrEmpty(async () => readlink('/proc/self/ns/pid'));
  const place = createHash('sha256').update(`${boot} ${container}`).digest('hex').slice(0, 8);
  return { pid, startedAt, place };
}

/** Whether a process of our own place is still running. */
export async function isRunning({ pid, startedAt }: ProcessIdentity, own: ProcessIdentity): Promise<boolean> {
  if (pid === own.pid) return startedAt === own.startedAt;
  if (!acceptsSignals(pid)) return false;
  const found = await startOf(pid);
  // Without /proc the pid has to do.
  return found === undefined ? acceptsSignals(pid) : found === startedAt;
}

function acceptsSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** proc_pid_stat(5): field 22; the fields follow the last bracket, as a program's name may have spaces and brackets. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readOrEmpty(async () => readFile(`/proc/${pid}/stat`, 'utf8'));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  // A zombie runs no more, though its pid still takes signals.
  return state === 'Z' || state === 'X' ? 'dead' : fields[19];
}

async function readOrEmpty(read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch {
    return '';
  }
}
