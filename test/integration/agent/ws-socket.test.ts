import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer, type ServerOptions } from 'ws';
import { WsSocket, type WsSocketOptions } from '../../../sip-gateway/sip/ws-socket.ts';
import { until } from '../../support/until.ts';

async function serve(options: ServerOptions = {}): Promise<WebSocketServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'sip', ...options });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  return server;
}

function urlOf(server: { address(): AddressInfo | string | null }): string {
  const address = server.address();
  return typeof address === 'object' ? `ws://127.0.0.1:${address?.port}` : '';
}

/** A socket and what it told JsSIP. */
function connect(url: string, options: WsSocketOptions = {}): { readonly socket: WsSocket; readonly told: unknown[] } {
  const socket = new WsSocket(url, options);
  const told: unknown[] = [];
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- JsSIP's Socket has no events
  socket.onconnect = () => void told.push('connected');
  socket.ondisconnect = (error) => void told.push(error ? 'lost' : 'closed');
  socket.ondata = (data) => void told.push(data);
  onTestFinished(() => socket.disconnect());
  socket.connect();
  return { socket, told };
}

describe('WsSocket', () => {
  it('speaks the sip sub-protocol and hands text on as strings', async () => {
    const server = await serve();
    server.on('connection', (ws) => ws.send('hello'));
    const { told } = connect(urlOf(server));
    await until(() => told.length === 2);
    expect(told).toEqual(['connected', 'hello']);
    expect([...server.clients][0]?.protocol).toBe('sip');
  });

  it('knows its own address', async () => {
    const server = await serve();
    const { socket, told } = connect(urlOf(server));
    await until(() => told.length === 1);
    expect(socket.localAddress).toBe('127.0.0.1');
  });

  it('finds a connection dead whose pings are not answered', async () => {
    const server = await serve({ autoPong: false });
    const { told } = connect(urlOf(server), { pingEvery: 30 });
    await until(() => told.length === 2);
    expect(told).toEqual(['connected', 'lost']);
  });

  it('keeps a connection whose pings are answered', async () => {
    const server = await serve();
    let pings = 0;
    server.on('connection', (ws) => ws.on('ping', () => (pings += 1)));
    const { socket } = connect(urlOf(server), { pingEvery: 20 });
    await until(() => pings > 4);
    expect(socket.isConnected()).toBe(true);
  });

  it('gives up on a server that never answers the handshake', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { told } = connect(urlOf(server), { connectLimit: 50 });
    await until(() => told.length === 1);
    expect(told).toEqual(['lost']);
  });

  it('says nothing after it was disconnected, and does it twice without harm', async () => {
    const server = await serve();
    const { socket, told } = connect(urlOf(server));
    await until(() => told.length === 1);
    socket.disconnect();
    socket.disconnect();
    await until(() => server.clients.size === 0);
    expect(told).toEqual(['connected']);
    expect(socket.send('late')).toBe(false);
  });

  it('reports what a listener throws, and stays connected', async () => {
    const server = await serve();
    server.on('connection', (ws) => ws.send('hello'));
    const faults: unknown[] = [];
    const { socket } = connect(urlOf(server), { onFault: (error) => faults.push(error) });
    socket.ondata = () => {
      throw new Error('a listener went wrong');
    };
    await until(() => faults.length === 1);
    expect(socket.isConnected()).toBe(true);
  });
});
