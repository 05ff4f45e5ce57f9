import { spawn, type ChildProcess } from 'node:child_process';

const STOP_WITHIN = 3_000;
const KEPT_OUTPUT = 200_000;

/** A test worker that is killed runs no clean-up: then the kernel tells its programs to end (PR_SET_PDEATHSIG). */
const END_WITH_PARENT = ['setpriv', '--pdeathsig', 'TERM', '--'] as const;

/** A real program of the bed: started once, stopped by its own process id, its words kept for a failure. */
export class Program {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #gone: Promise<void>;
  #output = '';

  constructor(name: string, command: readonly [program: string, ...args: string[]]) {
    this.name = name;
    const [program, ...args] = command;
    // Debian keeps daemons in /usr/sbin, which the PATH of a plain user does not have.
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin`;
    const [guard, ...guarded] = [...END_WITH_PARENT, program, ...args];
    this.#process = spawn(guard, guarded, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TERM: 'dumb', PATH: path },
      detached: true,
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => this.#keep(chunk));
    this.#process.stderr?.on('data', (chunk: Buffer) => this.#keep(chunk));
    this.#gone = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        this.#output += `\n${error.message}`;
        resolve();
      });
      this.#process.once('exit', () => resolve());
    });
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null && this.#process.pid !== undefined;
  }

  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves when the program has ended, for whatever reason. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** Asks `isReady` until it says yes. @throws with the program's own words when it ends first, or takes too long. */
  async ready(isReady: () => Promise<boolean>, within = 10_000): Promise<void> {
    const deadline = Date.now() + within;
    while (!(await isReady()) && this.running) {
      if (Date.now() > deadline) throw new Error(`${this.name} is not ready after ${within} ms:\n${this.#output}`);
    }
    // Also when someone was ready: it may be another program on our port.
    if (!this.running) throw new Error(`${this.name} ended before it was ready:\n${this.#output}`);
  }

  async stop(): Promise<void> {
    if (this.running) this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#signal('SIGKILL'), STOP_WITHIN);
    await this.#allGone();
    clearTimeout(timer);
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    if (this.running) this.#signal('SIGKILL');
    await this.#allGone();
  }

  /** Its children too, which outlive it by a moment: Kamailio's hold its ports. */
  async #allGone(): Promise<void> {
    await this.#gone;
    while (this.#signal(0)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** To the program and its children: it leads a group of its own. False when the whole group is gone. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return this.#process.pid !== undefined && process.kill(-this.#process.pid, signal);
    } catch {
      return false;
    }
  }

  #keep(chunk: Buffer): void {
    this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT);
  }
}
