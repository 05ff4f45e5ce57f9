import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const START_WITHIN = 20_000;

export interface RingproofOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The folder of its store; absent: a new one that goes away with `stop`. Give one to start again on the same data. */
  readonly folder?: string;
  /** `listening`: the port answers; `ready` (default): /readyz says that calls can be placed. */
  readonly until?: 'listening' | 'ready';
  /** The command and its arguments. */
  readonly args?: readonly string[];
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The built program, as an operator starts it: a process of its own, on a free port, with its log kept. */
export class RingproofProcess {
  /** Every line of its output, in order. */
  readonly lines: string[] = [];
  readonly folder: string;
  readonly exited: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #ownsFolder: boolean;
  #url = '';

  private constructor(child: ChildProcess, folder: string, ownsFolder: boolean) {
    this.#child = child;
    this.folder = folder;
    this.#ownsFolder = ownsFolder;
    this.exited = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
    // A test run that is broken off leaves nothing running.
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.once('close', () => process.off('exit', killWithUs));
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface({ input: output }).on('line', (line) => this.#hear(line));
    }
  }

  /** Starts and returns at once: for runs that are expected to fail. */
  static async launch({ env = {}, folder, args = ['start'] }: RingproofOptions = {}): Promise<RingproofProcess> {
    const own = folder ?? (await mkdtemp(join(tmpdir(), 'ringproof-')));
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: own,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: '0',
        RINGPROOF_STORE: `lowdb:${join(own, 'ringproof.json')}`,
        ...env,
      },
    });
    return new RingproofProcess(child, own, folder === undefined);
  }

  /** Starts and waits until it can be used. */
  static async start(options: RingproofOptions = {}): Promise<RingproofProcess> {
    const ringproof = await RingproofProcess.launch(options);
    try {
      await ringproof.#until(options.until ?? 'ready');
      return ringproof;
    } catch (error) {
      await ringproof.kill9();
      throw error;
    }
  }

  /** `http://127.0.0.1:<port>`; known once it listens. */
  get url(): string {
    return this.#url;
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('the process was never started');
    return pid;
  }

  get output(): string {
    return this.lines.join('\n');
  }

  /** The fields of every log line with this event. */
  events(event: string): readonly Readonly<Record<string, unknown>>[] {
    return this.lines.flatMap((line) => {
      const fields = asJson(line);
      return fields?.['event'] === event ? [fields] : [];
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** SIGTERM, and waits. Harmless when it has already ended. */
  async stop(): Promise<Ended> {
    this.signal('SIGTERM');
    return this.#gone();
  }

  /** The machine loses power, as far as the process can tell. Keeps the folder that was given. */
  async kill9(): Promise<Ended> {
    this.signal('SIGKILL');
    return this.#gone();
  }

  async #gone(): Promise<Ended> {
    const ended = await this.exited;
    if (this.#ownsFolder) await rm(this.folder, { recursive: true, force: true });
    return ended;
  }

  #hear(line: string): void {
    this.lines.push(line);
    const fields = asJson(line);
    if (fields?.['event'] === 'server.listening') this.#url = String(fields['url']);
  }

  async #until(state: 'listening' | 'ready'): Promise<void> {
    const deadline = Date.now() + START_WITHIN;
    while (Date.now() < deadline) {
      if (this.#child.exitCode !== null) break;
      if (this.#url !== '' && (state === 'listening' || (await this.#isReady()))) return;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    throw new Error(`ringproof was not ${state} in time; its output:\n${this.output}`);
  }

  async #isReady(): Promise<boolean> {
    const response = await fetch(`${this.#url}/readyz`).catch(() => undefined);
    await response?.arrayBuffer();
    return response?.ok === true;
  }
}

function asJson(line: string): Record<string, unknown> | undefined {
  try {
    const value: Record<string, unknown> = JSON.parse(line);
    return typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}
