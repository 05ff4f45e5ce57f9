import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FromGateway, ToGateway } from '../../server/telephony/messages.ts';

type Hello = { readonly type: 'hello'; readonly pid: number };
type Order =
  | FromGateway
  | { readonly do: 'exit'; readonly code: number }
  | { readonly do: 'disconnect' }
  | { readonly do: 'print'; readonly text: string };

/** The test's end of fake-gateway.mjs, across all the lives of that process. */
export class FakeGateway {
  /** For `ChildProcessTelephony`. */
  static readonly script = fileURLToPath(new URL('./fake-gateway.mjs', import.meta.url));

  readonly heard: (Hello | ToGateway)[] = [];
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();
  #socket: Socket | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#socket = socket;
      socket.on('error', () => socket.destroy());
      const lines = createInterface({ input: socket });
      lines.on('error', () => socket.destroy());
      lines.on('line', (line) => {
        const message: Hello | ToGateway = JSON.parse(line);
        this.heard.push(message);
        for (const wake of this.#waiting) wake();
      });
    });
  }

  static async listen(): Promise<FakeGateway> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeGateway(server);
  }

  get env(): Record<string, string> {
    const address = this.#server.address();
    return { FAKE_GATEWAY_CONTROL: typeof address === 'object' ? String(address?.port) : '' };
  }

  say(order: Order): void {
    this.#socket?.write(`${JSON.stringify(order)}\n`);
  }

  /** The `nth` (from 1) message of this type, which may still have to come. */
  async next<Type extends (Hello | ToGateway)['type']>(type: Type, nth = 1) {
    for (;;) {
      const found = this.heard.filter(
        (message): message is Extract<typeof message, { type: Type }> => message.type === type,
      )[nth - 1];
      if (found) return found;
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }
}
