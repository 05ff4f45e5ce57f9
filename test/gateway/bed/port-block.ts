import { createSocket, type Socket } from 'node:dgram';

/** Below the kernel's ephemeral range (32768…), where nobody is given a port by chance. */
const FIRST = 20_000;
const SIZE = 1000;
const BLOCKS = 12;

/**
 * A thousand ports that belong to one bed: the kernel keeps the reservation (a bound socket), so beds of other test
 * workers, and of other runs on this machine, take other blocks, and a killed run leaves nothing to clean up.
 */
export class PortBlock {
  readonly #lock: Socket;
  readonly #base: number;

  private constructor(lock: Socket, base: number) {
    this.#lock = lock;
    this.#base = base;
  }

  static async reserve(): Promise<PortBlock> {
    const start = process.pid % BLOCKS;
    for (let i = 0; i < BLOCKS; i++) {
      const base = FIRST + ((start + i) % BLOCKS) * SIZE;
      const lock = await tryBind(base + SIZE - 1);
      if (lock !== undefined) return new PortBlock(lock, base);
    }
    throw new Error(`no block of ports is free between ${FIRST} and ${FIRST + BLOCKS * SIZE}`);
  }

  /** UDP ports of up to 100 telephone lines. */
  get lines(): number {
    return this.#base;
  }

  get sip(): number {
    return this.#base + 100;
  }

  get webSocket(): number {
    return this.#base + 101;
  }

  get ng(): number {
    return this.#base + 102;
  }

  get http(): number {
    return this.#base + 103;
  }

  /** Media of independent phones. */
  get phoneMedia(): { readonly from: number; readonly to: number } {
    return { from: this.#base + 110, to: this.#base + 298 };
  }

  get relayMedia(): { readonly from: number; readonly to: number } {
    return { from: this.#base + 300, to: this.#base + 998 };
  }

  async release(): Promise<void> {
    await new Promise<void>((resolve) => this.#lock.close(resolve));
  }
}

async function tryBind(port: number): Promise<Socket | undefined> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(socket);
    });
  });
}
