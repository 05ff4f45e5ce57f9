import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ProxyEvent } from '../../../sip-gateway/proxy/proxy-event.ts';
import { createProxy, type Proxy, type ProxyOptions } from '../../../sip-gateway/proxy/proxy.ts';
import { RawClient, register, sip, statusOf } from './support/raw-client.ts';

/** The HTTP status of a handshake; 101 where it succeeds. */
async function handshake(url: string, protocols: string[], headers: Record<string, string> = {}): Promise<number> {
  const webSocket = new WebSocket(url, protocols, { headers });
  webSocket.on('error', () => {});
  const status = await new Promise<number>((resolve) => {
    webSocket.on('open', () => resolve(101));
    webSocket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
  webSocket.terminate();
  return status;
}

describe('A connection to the local proxy', () => {
  let proxy: Proxy;
  let url: string;
  const events: ProxyEvent[] = [];

  const start = async (options: Partial<ProxyOptions> = {}) => {
    proxy = createProxy({
      domain: 'ringproof.local',
      clock: Date.now,
      observer: (event) => events.push(event),
      ...options,
    });
    url = await proxy.listen({ port: 0 });
  };

  beforeEach(() => {
    events.length = 0;
  });

  afterEach(async () => {
    await proxy.close();
  });

  it('is refused without the sub-protocol sip', async () => {
    await start();
    expect([await handshake(url, []), await handshake(url, ['mqtt']), await handshake(url, ['mqtt', 'sip'])]).toEqual([
      400, 400, 101,
    ]);
  });

  it('is refused from a page of another origin', async () => {
    await start();
    expect(await handshake(url, ['sip'], { origin: 'https://evil.example' })).toBe(403);
  });

  it('is taken from a page of the same host', async () => {
    await start();
    expect(await handshake(url, ['sip'], { origin: `http://${new URL(url).host}` })).toBe(101);
  });

  it('is taken from a listed origin', async () => {
    await start({ origins: ['https://phone.example'] });
    expect(await handshake(url, ['sip'], { origin: 'https://phone.example' })).toBe(101);
  });

  it('is refused from a page whose own name was pointed at this machine', async () => {
    await start();
    const rebound = { host: 'evil.example', origin: 'http://evil.example' };
    expect(await handshake(url, ['sip'], rebound)).toBe(403);
  });

  it('is refused through a reverse proxy, unless open', async () => {
    await start();
    const closed = await handshake(url, ['sip'], { 'x-forwarded-for': '203.0.113.5' });
    await proxy.close();
    await start({ open: true });
    expect([closed, await handshake(url, ['sip'], { 'x-forwarded-for': '203.0.113.5' })]).toEqual([403, 101]);
  });

  it('is refused at another path', async () => {
    await start();
    expect(await handshake(url.replace('/sip', '/other'), ['sip'])).toBe(404);
  });

  it('is refused when there are too many', async () => {
    await start({ limits: { connectionsPerAddress: 1 } });
    const first = await RawClient.connect(url);
    const second = await handshake(url, ['sip']);
    first.close();
    expect(second).toBe(503);
  });

  it('gets a CRLF for a CRLF CRLF', async () => {
    await start();
    const client = await RawClient.connect(url);
    client.send('\r\n\r\n');
    expect(await client.next()).toBe('\r\n');
    client.close();
  });

  it('gets 400 for a malformed request, and goes on', async () => {
    await start();
    const client = await RawClient.connect(url);
    const bad = await client.ask(sip('INVITE').replace('Max-Forwards: 70', 'Max-Forwards: many'));
    expect([bad, await client.ask(register('101'))]).toEqual([400, 200]);
    client.close();
  });

  it.each(['GET / HTTP/1.1\r\n\r\n', 'hello', '{"json":true}', 'INVITE sip:a@b SIP/2.0\r\n\r\n'])(
    'is closed when it says %j',
    async (words) => {
      await start();
      const client = await RawClient.connect(url);
      const closed = client.closed();
      client.send(words);
      expect(await closed).toBe(1002);
    },
  );

  it('is closed when it sends a message beyond 64 kB', async () => {
    await start();
    const client = await RawClient.connect(url);
    const closed = client.closed();
    client.send(sip('MESSAGE', { body: 'x'.repeat(65 * 1024) }));
    expect(await closed).toBe(1009);
  });

  it('takes SIP in binary frames too', async () => {
    await start();
    const client = await RawClient.connect(url);
    client.send(Buffer.from(register('101')));
    expect(statusOf(await client.next())).toBe(200);
    client.close();
  });

  it('is slowed down, not cut off, when it sends too fast', async () => {
    await start({ limits: { perConnection: { perSecond: 100, burst: 10 } } });
    const client = await RawClient.connect(url);
    const started = performance.now();
    const statuses = new Set<number>();
    for (let sent = 0; sent < 30; sent += 1) {
      statuses.add(await client.ask(sip('OPTIONS', { uri: 'sip:ringproof.local' })));
    }
    expect(performance.now() - started).toBeGreaterThan(150);
    expect([...statuses]).toEqual([200]);
    client.close();
  });

  it('ends when the client no longer answers pings', async () => {
    await start({ pingMs: 20 });
    // A socket that has shaken hands and then never reads a frame: no pong comes back.
    const { host, port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `GET /sip HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\n\r\n',
    );
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'close');
    await expect.poll(() => events.at(-1)?.type).toBe('disconnected');
  });

  it('is told of to the observer, without a whole number', async () => {
    await start();
    const client = await RawClient.connect(url);
    await client.ask(register('+12025550123'));
    await client.ask(sip('INVITE', { uri: 'sip:+12025550199@ringproof.local' }));
    client.close();
    await expect.poll(() => events.at(-1)?.type).toBe('disconnected');
    expect(events.map(({ type }) => type)).toEqual([
      'connected',
      'request',
      'registered',
      'request',
      'unregistered',
      'disconnected',
    ]);
    expect(JSON.stringify(events)).not.toContain('555');
  });

  it('survives an observer that throws', async () => {
    await start({
      observer: () => {
        throw new Error('observer');
      },
    });
    const client = await RawClient.connect(url);
    expect(await client.ask(register('101'))).toBe(200);
    client.close();
  });

  it('is closed with the proxy, which can be closed twice', async () => {
    await start();
    const client = await RawClient.connect(url);
    const closed = client.closed();
    await Promise.all([proxy.close(), proxy.close()]);
    expect(await closed).toBe(1001);
  });
});

describe('The local proxy on somebody else’s HTTP server', () => {
  let server: Server;
  let proxy: Proxy;
  let origin: string;

  beforeEach(async () => {
    server = createServer((_request, response) => response.end('page'));
    proxy = createProxy({ domain: 'ringproof.local', clock: Date.now });
    proxy.attach(server, '/sip');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    origin = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });

  afterEach(async () => {
    await proxy.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('serves at its path', async () => {
    const client = await RawClient.connect(`ws://${origin}/sip`);
    expect(await client.ask(register('101'))).toBe(200);
    client.close();
  });

  it('leaves pages alone', async () => {
    expect(await (await fetch(`http://${origin}/`)).text()).toBe('page');
  });

  it('leaves the server when it is closed', async () => {
    const client = await RawClient.connect(`ws://${origin}/sip`);
    const closed = client.closed();
    await proxy.close();
    await closed;
    expect(server.listenerCount('upgrade')).toBe(0);
  });
});
