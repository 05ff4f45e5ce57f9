import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './program.ts';
import { sippScenario, type SippStep } from './sipp-scenario.ts';

/** SIPp as a phone: an independent SIP stack that takes `calls` calls, or places one, and then leaves. */
export class Sipp {
  readonly #folder: string;
  readonly #program: Program;

  private constructor(folder: string, program: Program) {
    this.#folder = folder;
    this.#program = program;
  }

  static async start(options: {
    readonly port: number;
    readonly mediaPort: number;
    readonly calls?: number;
    /** Where a phone that calls sends its INVITE: the proxy's port. */
    readonly proxyPort?: number;
    readonly steps: readonly SippStep[];
  }): Promise<Sipp> {
    const folder = await mkdtemp(join(tmpdir(), 'ringproof-sipp-'));
    const scenario = join(folder, 'phone.xml');
    await writeFile(scenario, sippScenario(options.steps));
    const program = new Program('sipp', [
      'sipp',
      ...(options.proxyPort === undefined ? [] : [`127.0.0.1:${options.proxyPort}`]),
      '-sf',
      scenario,
      '-i',
      '127.0.0.1',
      '-p',
      String(options.port),
      '-mi',
      '127.0.0.1',
      '-mp',
      String(options.mediaPort),
      '-m',
      String(options.calls ?? 1),
      '-recv_timeout',
      '60000',
      '-timeout',
      '200s',
      '-timeout_error',
      '-trace_err',
      '-error_file',
      join(folder, 'errors.log'),
      '-nostdin',
    ]);
    const sipp = new Sipp(folder, program);
    // SIPp says nothing when it begins to listen, and an OPTIONS would count as a call: ask the kernel.
    await program.ready(async () => listensOnUdp(options.port));
    return sipp;
  }

  /** Resolves when every call went as its scenario says. @throws with SIPp's own words when one did not. */
  async done(): Promise<void> {
    await this.#program.gone;
    if (this.#program.exitCode === 0) return;
    const errors = await readFile(join(this.#folder, 'errors.log'), 'utf8').catch(() => '');
    throw new Error(`sipp ended with ${this.#program.exitCode}:\n${errors}\n${this.output}`);
  }

  get succeeded(): boolean {
    return this.#program.exitCode === 0;
  }

  /** Its last screen. */
  get output(): string {
    return this.#program.output.slice(-3000);
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function listensOnUdp(port: number): Promise<boolean> {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = (await readFile('/proc/net/udp', 'utf8')).includes(` ${address} `);
  if (!listening) await new Promise((resolve) => setTimeout(resolve, 20));
  return listening;
}
