import { readdir, readFile } from 'node:fs/promises';

/** The process ids of a process's children, read from Linux's /proc. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(
    processes.map(async (name) => ({ pid: Number(name), parent: await parentOf(name) })),
  );
  return parents.filter(({ parent }) => parent === pid).map((child) => child.pid);
}

async function parentOf(pid: string): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in brackets, may hold anything; state and parent follow it (proc_pid_stat(5)).
  const [, parent] = /^\S+ \(.*\) \S (\d+)/s.exec(stat) ?? [];
  return parent === undefined ? undefined : Number(parent);
}
