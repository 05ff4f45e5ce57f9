import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { quantile, rounded } from '../figures.ts';

/** A whole HTTP/1.1 request as it goes over the wire. */
export type NextRequest = (n: number) => string;

export interface LoadOptions {
  readonly port: number;
  readonly request: NextRequest;
  readonly status: number;
  readonly connections: number;
  readonly requests: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Asks over connections that are kept open, each with one request under way. It reads no more of an answer than it
 * must: a client that costs more than the server would hide the server's cost.
 */
export async function load({ port, request, status, connections, requests }: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  let asked = 0;
  const askAll = async (socket: Socket): Promise<void> => {
    const answers = new Answers(socket, status);
    for (;;) {
      const n = asked++;
      if (n >= requests) break;
      const sentAt = performance.now();
      socket.write(request(n));
      await answers.next();
      latencies.push(performance.now() - sentAt);
    }
  };
  const sockets = await Promise.all(Array.from({ length: connections }, async () => open(port)));
  const startedAt = performance.now();
  await Promise.all(sockets.map(askAll));
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const socket of sockets) socket.destroy();
  latencies.sort((a, b) => a - b);
  return {
    perSecond: rounded(latencies.length / seconds, 0),
    p50: rounded(quantile(latencies, 0.5)),
    p99: rounded(quantile(latencies, 0.99)),
  };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return socket;
}

/** The answers on one connection; all of ours have a Content-Length. */
class Answers {
  readonly #status: string;
  #text = '';
  #waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(socket: Socket, status: number) {
    this.#status = `HTTP/1.1 ${status} `;
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      this.#text += String(chunk);
      this.#look();
    });
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed a connection')));
    socket.on('error', (error) => this.#waiting?.reject(error));
  }

  async next(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#look();
    });
  }

  #look(): void {
    const head = this.#text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#text.slice(0, head))?.[1]);
    const whole = head + 4 + length;
    if (this.#text.length < whole) return;
    const answer = this.#text.slice(0, whole);
    this.#text = this.#text.slice(whole);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (answer.startsWith(this.#status)) waiting?.resolve();
    else waiting?.reject(new Error(`unexpected answer: ${answer}`));
  }
}
