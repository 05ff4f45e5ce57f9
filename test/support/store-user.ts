import { spawn, type ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const PROGRAM = fileURLToPath(new URL('./store-user.mjs', import.meta.url));

const message = z.object({
  opened: z.number().optional(),
  refused: z.string().optional(),
  message: z.string().optional(),
  finishing: z.string().optional(),
  denied: z.string().optional(),
  id: z.string().optional(),
  revision: z.number().optional(),
});
export type StoreUserMessage = z.infer<typeof message>;

/** Another process that uses a store; killed when the test is over, if not before. */
export class StoreUser {
  /** What it said, in order. */
  readonly said: StoreUserMessage[] = [];
  /** Its first word: whether the store was opened to it. */
  readonly first: Promise<StoreUserMessage>;
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  readonly #lines: Interface;

  constructor(command: 'hold' | 'write', file: string, round = 0) {
    const child = spawn(process.execPath, [PROGRAM, command, file, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    // 'close' and not 'exit': only then everything it said has been read.
    this.#gone = once(child, 'close');
    const lines = createInterface({ input: child.stdout });
    this.#lines = lines;
    lines.on('line', (line) => this.said.push(message.parse(JSON.parse(line))));
    this.first = once(lines, 'line').then(([line]) => message.parse(JSON.parse(String(line))));
    onTestFinished(async () => this.kill());
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Waits until it says this of something. */
  async next(what: keyof StoreUserMessage): Promise<void> {
    for await (const [said] of on(this.#lines, 'line')) {
      if (what in message.parse(JSON.parse(String(said)))) return;
    }
  }

  /** kill -9, and nothing else. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }
}
