import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromPhones, PhoneManner, ToPhones } from './messages.ts';

const SCRIPT = fileURLToPath(new URL('phones.js', import.meta.url));

type PhonesReport = Extract<FromPhones, { readonly type: 'measured' }>;

/** The phones' end of the measured calls, in a process of its own. */
export class PhonesProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<PhonesProcess> {
    const child = fork(SCRIPT);
    const { url } = await heard(child, 'listening');
    return new PhonesProcess(child, url);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  measure(manner: PhoneManner): void {
    this.#send({ type: 'measure', manner });
  }

  async report(): Promise<PhonesReport> {
    const answer = heard(this.#child, 'measured');
    this.#send({ type: 'report' });
    return answer;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#send({ type: 'stop' });
    await exited;
  }

  #send(message: ToPhones): void {
    this.#child.send(message);
  }
}

async function heard<Type extends FromPhones['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<FromPhones, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const listen = (message: unknown): void => {
      if (!isFromPhones(message, type)) return;
      child.off('message', listen);
      child.off('exit', die);
      resolve(message);
    };
    const die = (code: number | null): void => reject(new Error(`the phones' process stopped with ${code}`));
    child.on('message', listen);
    child.once('exit', die);
  });
}

function isFromPhones<Type extends FromPhones['type']>(
  message: unknown,
  type: Type,
): message is Extract<FromPhones, { type: Type }> {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === type;
}
