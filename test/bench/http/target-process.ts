import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromTarget, Made, ToTarget } from './messages.ts';

const SCRIPT = fileURLToPath(new URL('target.js', import.meta.url));

/** The measured server, in a process of its own: its event loop is not the one that asks. */
export class TargetProcess {
  readonly port: number;
  readonly made: readonly Made[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, { port, made }: Extract<FromTarget, { type: 'listening' }>) {
    this.#child = child;
    this.port = port;
    this.made = made;
  }

  static async start(kind: 'bare' | 'unlimited' | 'limited', live = 0): Promise<TargetProcess> {
    const child = fork(SCRIPT, [kind, String(live)]);
    const listening = await heard(child, 'listening');
    return new TargetProcess(child, listening);
  }

  /** Milliseconds of both, user and system, since it was last asked. */
  async cpu(): Promise<number> {
    const answer = heard(this.#child, 'cpu');
    this.#send({ type: 'cpu' });
    return (await answer).milliseconds;
  }

  /** Ends and forgets what was created since it started. */
  async forget(): Promise<void> {
    const forgotten = heard(this.#child, 'forgotten');
    this.#send({ type: 'forget' });
    await forgotten;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#send({ type: 'stop' });
    await exited;
  }

  #send(message: ToTarget): void {
    this.#child.send(message);
  }
}

async function heard<Type extends FromTarget['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<FromTarget, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const listen = (message: unknown): void => {
      if (!isFromTarget(message, type)) return;
      child.off('message', listen);
      child.off('exit', die);
      resolve(message);
    };
    const die = (code: number | null): void => reject(new Error(`the measured server stopped with ${code}`));
    child.on('message', listen);
    child.once('exit', die);
  });
}

function isFromTarget<Type extends FromTarget['type']>(
  message: unknown,
  type: Type,
): message is Extract<FromTarget, { type: Type }> {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === type;
}
