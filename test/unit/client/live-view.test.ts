import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Api } from '../../../client/api/api.ts';
import { backoff } from '../../../client/api/backoff.ts';
import { LiveView } from '../../../client/api/live-view.ts';
import type { VerificationView } from '../../../server/http/contract.ts';

const KEY = { id: 'ver_1', token: 'secret-token' };

let server: Server;
let requests: IncomingMessage[];
let answer: (response: ServerResponse, count: number) => void;
let live: LiveView | undefined;
let api: Api;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    answer(response, requests.length);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  api = new Api(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
});

afterEach(async () => {
  live?.close();
  live = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function follow() {
  const seen = { views: [] as string[], connection: [] as string[], refusals: [] as string[], ends: 0 };
  live = new LiveView({
    open: (lastEventId, signal) => api.events(KEY, lastEventId, signal),
    onView: ({ call, status }) => seen.views.push(`${status} ${call.state}`),
    onConnection: (state) => seen.connection.push(state),
    onEnd: () => {
      seen.ends += 1;
    },
    onRefused: ({ code }) => seen.refusals.push(code),
  });
  return seen;
}

function event(id: number, state: VerificationView['call']['state'], status = 'pending'): string {
  return `id: ${id}\nevent: verification\ndata: ${JSON.stringify({ status, call: { state } })}\n\n`;
}

function openStream(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(text);
}

describe('following a verification', () => {
  it('shows every event as it comes', async () => {
    answer = (response) => openStream(response, event(1, 'dialing') + event(2, 'ringing'));
    const seen = follow();
    await vi.waitFor(() => expect(seen.views).toEqual(['pending dialing', 'pending ringing']));
  });

  it('sends the token in a header and never in the address', async () => {
    answer = (response) => openStream(response, event(1, 'dialing'));
    const seen = follow();
    await vi.waitFor(() => expect(seen.views).toHaveLength(1));
    expect([requests[0]?.headers.authorization, requests[0]?.url]).toEqual([
      'Bearer secret-token',
      '/v1/verifications/ver_1/events',
    ]);
  });

  it('resumes behind the last event when the connection breaks, and says so', async () => {
    answer = (response, count) => {
      openStream(response, event(count, count === 1 ? 'dialing' : 'ringing'));
      if (count === 1) setTimeout(() => response.destroy(), 30);
    };
    const seen = follow();
    await vi.waitFor(() => expect(seen.views).toEqual(['pending dialing', 'pending ringing']), 3000);
    expect([requests[1]?.headers['last-event-id'], seen.connection]).toEqual(['1', ['lost', 'live']]);
  });

  it('comes back without alarm when the server ends the stream in good order', async () => {
    answer = (response, count) => {
      openStream(response, event(count, count === 1 ? 'dialing' : 'ringing'));
      if (count === 1) response.end();
    };
    const seen = follow();
    await vi.waitFor(() => expect(seen.views).toHaveLength(2), 3000);
    expect(seen.connection).toEqual([]);
  });

  it('gives a connection up that fell silent while nobody looked, without alarm', async () => {
    answer = (response, count) => openStream(response, event(count, count === 1 ? 'dialing' : 'ringing'));
    const seen = follow();
    await vi.waitFor(() => expect(seen.views).toHaveLength(1));
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 21_000);
    live?.retryNow();
    await vi.waitFor(() => expect(seen.views).toEqual(['pending dialing', 'pending ringing']));
    expect([requests[1]?.headers['last-event-id'], seen.connection]).toEqual(['1', []]);
  });

  it('leaves a connection alone that was heard of just now', async () => {
    const streams: ServerResponse[] = [];
    answer = (response) => {
      streams.push(response);
      openStream(response, event(1, 'dialing'));
    };
    const seen = follow();
    await vi.waitFor(() => expect(seen.views).toHaveLength(1));
    live?.retryNow();
    streams[0]?.write(event(2, 'ringing'));
    await vi.waitFor(() => expect(seen.views).toEqual(['pending dialing', 'pending ringing']));
    expect(requests).toHaveLength(1);
  });

  it('keeps trying while the server refuses for a while', async () => {
    answer = (response, count) => {
      if (count === 1) response.writeHead(503).end();
      else openStream(response, event(1, 'dialing'));
    };
    const seen = follow();
    await vi.waitFor(() => expect(seen.connection).toEqual(['lost', 'live']), 3000);
  });

  it('stops when the token no longer opens it', async () => {
    answer = (response) => {
      response.writeHead(401, { 'Content-Type': 'application/problem+json' }).end('{"code":"unauthorized"}');
    };
    const seen = follow();
    await vi.waitFor(() => expect(seen.refusals).toEqual(['unauthorized']));
  });

  it('stops when the server says that nothing more will come', async () => {
    answer = (response) => void response.writeHead(204).end();
    const seen = follow();
    await vi.waitFor(() => expect(seen.ends).toBe(1));
  });

  it('does not come back after the verification and its call are over', async () => {
    answer = (response) => {
      openStream(response, event(9, 'ended', 'verified'));
      response.end();
    };
    const seen = follow();
    await vi.waitFor(() => expect(seen.views).toEqual(['verified ended']));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(requests).toHaveLength(1);
  });

  it('closes the connection when it is closed, also twice', async () => {
    const closed = vi.fn<() => void>();
    answer = (response) => {
      response.on('close', closed);
      openStream(response, event(1, 'dialing'));
    };
    const seen = follow();
    await vi.waitFor(() => expect(seen.views).toHaveLength(1));
    live?.close();
    live?.close();
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  });
});

describe('waiting between tries', () => {
  it('doubles, with a part left to chance, up to ten seconds', () => {
    expect([0, 1, 2, 9].map((attempt) => backoff(attempt, () => 1))).toEqual([500, 1000, 2000, 10_000]);
    expect(backoff(2, () => 0)).toBe(1000);
  });
});

describe('the time of the API', () => {
  it('is that of the server, to the second', async () => {
    answer = (response) => {
      response.setHeader('Date', new Date(Date.now() + 5 * 3_600_000).toUTCString());
      response.setHeader('Content-Type', 'application/json');
      response.end('{}');
    };
    expect(Math.abs(api.now() - Date.now())).toBeLessThan(100);
    await api.view(KEY);
    expect(Math.abs(api.now() - Date.now() - 5 * 3_600_000)).toBeLessThanOrEqual(1000);
  });
});

describe('a refusal of the API', () => {
  it('carries its stable code and when to try again', async () => {
    answer = (response) => {
      response.writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '30' });
      response.end('{"code":"telephony_unavailable"}');
    };
    await expect(api.view(KEY)).rejects.toMatchObject({ code: 'telephony_unavailable', retryAfterSeconds: 30 });
  });

  it('is made of the status where what stands in between answers in its own words', async () => {
    answer = (response) => void response.writeHead(502).end('<html>Bad gateway</html>');
    await expect(api.view(KEY)).rejects.toMatchObject({ code: 'starting' });
  });

  it('is told apart from no answer at all', async () => {
    answer = (response) => void response.destroy();
    await expect(api.view(KEY)).rejects.toMatchObject({ name: 'Unreachable' });
  });
});
