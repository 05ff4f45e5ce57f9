import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FromGateway, ToGateway } from './messages.ts';

/** What somebody else has to hear of. */
export type GatewayNews = Exclude<FromGateway, { type: 'speaking' }>;

export interface GatewayProcessOptions {
  /** The script that speaks `messages.ts` on its IPC channel. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onMessage: (message: GatewayNews) => void;
  /** Once: the process is gone, or nobody can talk to it any more (it is killed then). */
  readonly onGone: (how: string) => void;
  /** A line that the process or its native code wrote. */
  readonly onLine: (line: string) => void;
}

/** Its channel and its exit are reported in either order; the second is waited for no longer than this. */
const SECOND_SIGN_WITHIN = 300;

/**
 * V8 lets the young generation grow to 32 MB, which makes no call cheaper: 8 MB of it are collected at the same cost, and
 * five hundred calls need 25 MB less (docs/benchmarks.md).
 */
const V8_OPTIONS = ['--max-semi-space-size=4'];

/** One life of the voice server's process. */
export class GatewayProcess {
  readonly #child: ChildProcess;
  readonly #onGone: (how: string) => void;
  #how = 'its channel closed';
  #gone = false;
  /** What it has started, each in a process group of its own that outlives it. */
  #groups: readonly number[] = [];
  #exited = false;
  #second: NodeJS.Timeout | undefined;

  constructor({ script, env, onMessage, onGone, onLine }: GatewayProcessOptions) {
    this.#onGone = onGone;
    this.#child = fork(script, [], { env: { ...env }, execArgv: V8_OPTIONS, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child.on('message', (message) => {
      if (this.#gone || !isMessage(message)) return;
      if (message.type === 'speaking') this.#groups = message.groups;
      else onMessage(message);
    });
    this.#child.on('error', (error) => this.#end(error.message));
    // The last messages are still in the pipe when the exit is reported first, and the exit says more than the pipe.
    this.#child.once('disconnect', () => this.#sign(this.#exited));
    this.#child.once('exit', (code, signal) => {
      this.#exited = true;
      this.#how = signal === null ? `exit code ${code ?? 'unknown'}` : signal;
      this.#sign(!this.#child.connected);
    });
    for (const output of [this.#child.stdout, this.#child.stderr]) {
      if (!output) continue;
      const lines = createInterface({ input: output });
      lines.on('line', onLine);
      // Node hands the pipe's faults to the reader of its lines; the exit says all that is to be known.
      lines.on('error', () => lines.close());
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Never throws; what cannot be sent is lost with the process, and `onGone` tells of that. */
  send(message: ToGateway): void {
    if (this.#gone || !this.#child.connected) return;
    this.#child.send(message, () => {});
  }

  /** Asks it to leave; kills it if it is still there after `grace`. Resolves when it is gone. */
  async stop(grace: number): Promise<void> {
    if (this.#exited || this.#child.pid === undefined) return;
    const exited = new Promise<void>((resolve) => void this.#child.once('exit', () => resolve()));
    this.send({ type: 'shut-down' });
    const kill = setTimeout(() => this.kill(), grace);
    await exited;
    clearTimeout(kill);
  }

  kill(): void {
    if (!this.#exited) this.#child.kill('SIGKILL');
  }

  #sign(isSecond: boolean): void {
    if (isSecond) this.#end(this.#how);
    else this.#second = setTimeout(() => this.#end(this.#how), SECOND_SIGN_WITHIN);
  }

  #end(how: string): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#second);
    this.kill();
    for (const group of this.#groups) killGroup(group);
    this.#onGone(how);
  }
}

/** Of those that it told of some may have ended since. */
function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // None is left.
  }
}

/** Both ends are ours and of one version; only what is no message at all is left out. */
function isMessage(value: unknown): value is FromGateway {
  return typeof value === 'object' && value !== null && 'type' in value;
}
