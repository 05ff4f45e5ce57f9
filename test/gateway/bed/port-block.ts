import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the kernel's ephemeral range (32768…), where nobody is given a port by chance. */
const FIRST = 20_000;
const SIZE = 1000;
const BLOCKS = 12;
/** Blocks are free again once the beds of other workers, or of a run that has just ended, are gone. Milliseconds. */
const RESERVE_WITHIN = 30_000;

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
    const deadline = Date.now() + RESERVE_WITHIN;
    while (Date.now() < deadline) {
      const block = await PortBlock.#tryReserve();
      if (block) return block;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no block of ports is free between ${FIRST} and ${FIRST + BLOCKS * SIZE}`);
  }

  static async #tryReserve(): Promise<PortBlock | undefined> {
    const start = process.pid % BLOCKS;
    for (let i = 0; i < BLOCKS; i++) {
      const base = FIRST + ((start + i) % BLOCKS) * SIZE;
      const lock = await tryBind(base + SIZE - 1);
      if (lock === undefined) continue;
      const block = new PortBlock(lock, base);
      if (await block.#isUnused()) return block;
      await block.release();
    }
    return undefined;
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

  /** Where baresip takes its orders. */
  get control(): number {
    return this.#base + 103;
  }

  /** The first of 400 ports for the media of independent phones. */
  get phoneMedia(): number {
    return this.#base + 110;
  }

  get relayMedia(): { readonly from: number; readonly to: number } {
    return { from: this.#base + 520, to: this.#base + 998 };
  }

  /** Whether the fixed ports are free: a bed that was killed with its worker may be on its way out. */
  async #isUnused(): Promise<boolean> {
    for (const port of [this.sip, this.ng]) {
      const socket = await tryBind(port);
      if (socket === undefined) return false;
      await new Promise<void>((resolve) => socket.close(resolve));
    }
    return (await listenOnce(this.webSocket)) && (await listenOnce(this.control));
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

async function listenOnce(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
