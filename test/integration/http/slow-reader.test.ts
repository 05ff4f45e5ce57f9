import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Verification } from '../../../server/verification/verification.ts';
import { requestOf, startApi } from './api-server.ts';

/** More than the two ends of a loopback connection hold between them, several times over. */
const MOST = 32 * 1024 * 1024;
const LARGE = 'x'.repeat(64 * 1024);

/** A client that asks for the events, reads the head of the answer and then nothing more. */
async function stalled(url: string, { id, token }: { readonly id: string; readonly token: string }): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.write(`GET /v1/verifications/${id}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

/** How many of the server's connections are open. */
async function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

/** A reader that keeps up; counts what it has read. */
async function keepingUp(url: string, { id, token }: { readonly id: string; readonly token: string }) {
  const { body } = await fetch(`${url}/v1/verifications/${id}/events`, requestOf({ token }));
  const seen = { bytes: 0 };
  const read = async (): Promise<void> => {
    for await (const chunk of body ?? []) seen.bytes += chunk.length;
  };
  return { seen, done: read() };
}

describe('a reader of events that stops reading, on a real socket', () => {
  it('is cut off with little left unread, and holds up nobody else', async () => {
    const { url, server, create, feed, store, bugs } = await startApi();
    const created = await create();
    const socket = await stalled(url, created);
    const { seen, done } = await keepingUp(url, created);
    const state = await store.find(created.id);
    if (!state) throw new Error('there is no such verification');

    const told = { events: 0, bytes: 0 };
    const tell = (more: Partial<Verification> = {}): void => {
      told.events += 1;
      told.bytes += LARGE.length;
      feed.publish({ ...state, metadata: { large: LARGE }, ...more, revision: state.revision + told.events });
    };
    while ((await connections(server)) > 1 && told.bytes < MOST) {
      tell();
      while (seen.bytes < told.bytes) await nextTurn();
    }
    expect(told.bytes).toBeLessThan(MOST);
    tell({ status: 'canceled', call: { ...state.call, state: 'ended' } });
    await done;
    expect(seen.bytes).toBeGreaterThan(told.bytes);
    socket.resume();
    await once(socket, 'close');
    expect(bugs).toEqual([]);
  });
});
