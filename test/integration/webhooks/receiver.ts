import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A relying party's web server: answers with what the test says, in turn, and the last of it for ever. */
export async function aReceiver(...answers: readonly (number | string)[]) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void handle(request, response);
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await take(request);
    if (typeof answer === 'string') response.end(answer);
    else response.writeHead(answer, { location: '/elsewhere' }).end();
  }
  async function take(request: IncomingMessage): Promise<number | string> {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    received.push({ headers, body: await text(request) });
    return answers[Math.min(received.length, answers.length) - 1] ?? 200;
  }
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}/hook`, port, received };
}

/** Takes one message and never answers. */
export async function aSilentReceiver() {
  const seen = new EventEmitter();
  const [received, isBrokenOff] = [once(seen, 'received'), once(seen, 'broken off')];
  const server = createServer((request, response) => {
    response.once('close', () => seen.emit('broken off'));
    request.resume().once('end', () => seen.emit('received'));
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}/hook`, received, isBrokenOff };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
