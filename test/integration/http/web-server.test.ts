import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebServer } from '../../../server/http/web-server.ts';

async function start(limits: ConstructorParameters<typeof WebServer>[0] = {}) {
  const web = new WebServer(limits);
  onTestFinished(async () => web.close());
  const { port } = await web.listen(0, '127.0.0.1');
  return { web, port, open: () => connect(port, '127.0.0.1') };
}

async function allOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('the HTTP port', () => {
  it('answers 503 with a code until there is something to serve', async () => {
    const { port } = await start();
    const response = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ code: 'starting' });
  });

  it('lets nobody take for ever to send the head of a request', async () => {
    const { open } = await start({ headersTimeout: 50, connectionsCheckingInterval: 20 });
    const socket = open();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
    expect(await allOf(socket)).toMatch(/^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
  });

  it('lets nobody take for ever to send a body', async () => {
    const { open, web } = await start({ headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 });
    web.serve((request) => request.resume());
    const socket = open();
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{');
    expect(await allOf(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('cuts who does not read the answer', async () => {
    const { open, web } = await start({ idleTimeout: 100 });
    const cut = new Promise<void>((resolve) => {
      web.serve((request, response) => {
        request.socket.once('close', () => resolve());
        response.end(Buffer.alloc(32 * 1024 * 1024));
      });
    });
    const socket = open();
    onTestFinished(() => void socket.destroy());
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await expect(cut).resolves.toBeUndefined();
  });

  it('cuts who connects and says nothing', async () => {
    const { open } = await start({ headersTimeout: 50, connectionsCheckingInterval: 20 });
    expect(await allOf(open())).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('takes so many connections and no more, and the next one as soon as there is room', async () => {
    const { port, open } = await start({ maxConnections: 2 });
    const two = [open(), open()];
    await Promise.all(two.map(async (socket) => once(socket, 'connect')));
    expect(await allOf(open())).toBe('');
    two[0]?.destroy();
    await expect
      .poll(async () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(503);
    two[1]?.destroy();
  });

  it('refuses a head of more than 16 kB', async () => {
    const { open } = await start();
    const socket = open();
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${`X: ${'y'.repeat(1_000)}\r\n`.repeat(17)}\r\n`);
    expect(await allOf(socket)).toMatch(/^HTTP\/1\.1 431 .*"code":"header_too_large"/s);
  });

  it('refuses a port that is taken with the system’s word for it', async () => {
    const { port } = await start();
    const second = new WebServer();
    await expect(second.listen(port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await second.close();
  });

  it('lets an answer under way finish when it closes', async () => {
    const { web, open } = await start();
    let finish: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      web.serve((_request, response) => {
        finish = () => void response.end('done');
        resolve();
      });
    });
    const socket = open();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await asked;
    const closed = web.close();
    finish?.();
    expect(await allOf(socket)).toContain('done');
    await closed;
  });

  it('cuts an answer that does not finish, also one that was upgraded', async () => {
    const { web, open } = await start();
    web.server.on('upgrade', (_request, socket) =>
      socket.on('error', () => {}).write('HTTP/1.1 101 Switching\r\n\r\n'),
    );
    web.serve((_request, response) => void response.write('half'));
    const [plain, upgraded] = [open(), open()];
    plain.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    upgraded.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await Promise.all(
      [plain, upgraded].map(async (socket) => new Promise((resolve) => void socket.once('data', resolve))),
    );
    const ends = [plain, upgraded].map(async (socket) => new Promise((resolve) => void socket.once('close', resolve)));
    await web.close();
    await expect(Promise.all(ends)).resolves.toHaveLength(2);
  });

  it('closes twice without harm, and before it was opened', async () => {
    const { web } = await start();
    const closed = Promise.all([web.close(), web.close(), new WebServer().close()]);
    await expect(closed).resolves.toHaveLength(3);
  });
});
