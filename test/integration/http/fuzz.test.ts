import * as fc from 'fast-check';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { CREATION_FIELDS } from '../../../server/http/body.ts';
import { hashOf } from '../../../server/relying-parties/api-key.ts';
import { readRelyingParties } from '../../../server/relying-parties/relying-parties-file.ts';
import { RelyingParties } from '../../../server/relying-parties/relying-parties.ts';
import { METHODS } from '../../../server/verification/call.ts';
import { startApi, type Route } from './api-server.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

/** A request that takes longer than this has hung, on any machine. */
const HANGS_AFTER = 8_000;

const NAMES = [...CREATION_FIELDS, 'amount', 'payee', 'code', '__proto__', 'constructor', 'toString', ''];
const WORDS = [
  'keypad',
  'spoken',
  '+12025550123',
  '000000',
  'en',
  'zh-Hant',
  '１２３４５６',
  'sip:a@b',
  'tel:+1',
  '\u0000',
  '../..',
];

const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...WORDS),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('any'), { maxKeys: 4 }),
  ),
})).any;

/** Bodies that are nearly right reach further than those that are not. */
const body = fc.oneof(
  fc.record(
    {
      to: fc.oneof(fc.constant('+12025550123'), value),
      method: fc.constantFrom(...METHODS, 'pigeon'),
    },
    { requiredKeys: ['method'] },
  ),
  // Every field that a creation has, one or two of them wild.
  fc
    .record({
      wild: fc.dictionary(fc.constantFrom(...CREATION_FIELDS), value, { maxKeys: 2 }),
      method: fc.constantFrom(...METHODS),
    })
    .map(({ wild, method }) => ({ to: '+12025550123', method, ...wild })),
  fc.record({ code: fc.oneof(fc.constantFrom('000000', '12345', '1234567'), value) }),
  value,
);

const json = fc.oneof(
  body.map((each) => JSON.stringify(each) ?? 'undefined'),
  body.map((each) => (JSON.stringify(each) ?? '').slice(0, -1)),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constant('['.repeat(4_000)),
  fc.constant(`{"metadata":${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}}`),
);

const headerValue = fc.oneof(
  fc.constantFrom(
    '',
    '*',
    'application/json',
    'Bearer',
    'Bearer x',
    'Basic eDp4',
    'gzip',
    'en;q=0,*;q=x',
    '-1',
    '99999999999',
  ),
  fc.stringMatching(/^[\x20-\x7e]{0,60}$/),
);

const headers = fc.dictionary(
  fc.constantFrom(
    'Accept',
    'Accept-Language',
    'Authorization',
    'Content-Type',
    'Content-Encoding',
    'Idempotency-Key',
    'Last-Event-ID',
    'If-None-Match',
    'Range',
    'X-Forwarded-For',
    'Forwarded',
    'Origin',
    'Cookie',
    'X-HTTP-Method-Override',
    'Expect',
  ),
  headerValue,
  { maxKeys: 4 },
);

const segment = fc.oneof(
  fc.constantFrom(
    'verifications',
    'check',
    'calls',
    'events',
    'settings',
    'ver_x',
    '..',
    '%2e%2e',
    '%00',
    '%',
    '%zz',
    '',
    '*',
    '__proto__',
  ),
  fc.string({ maxLength: 20 }).map((text) => encodeURIComponent(text)),
);

/** Every route that the server has, with a real id for `:id`, and paths that nearly are one. */
const pathIn = (routes: readonly Route[]) =>
  fc.oneof(
    fc.constantFrom('/', '/phone', '/sip', '/metrics', ...routes.map((route) => route.path)),
    fc.array(segment, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
    fc.array(segment, { maxLength: 3 }).map((parts) => `/v1/${parts.join('/')}?${parts.join('&')}`),
  );

const askedOf = (routes: readonly Route[]) =>
  fc.record({
    method: fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'),
    path: pathIn(routes),
    headers,
    body: fc.option(json, { nil: undefined }),
    as: fc.constantFrom('nobody', 'visitor', 'relying party', 'operator'),
  });

const KEYS = { 'relying party': 'rk_of_the_shop_482', operator: 'rk_of_the_operator_482' } as const;

/** A relying party and an operator, who each may ask everything that there is to be asked. */
function parties(): RelyingParties {
  const shop = { id: 'shop', name: 'The Shop', keys: [{ hash: hashOf(KEYS['relying party']) }] };
  const file = readRelyingParties(JSON.stringify({ operatorKeys: [hashOf(KEYS.operator)], parties: [shop] }));
  return new RelyingParties(file.parties, file.operatorKeys);
}

const NO_DEAD_LETTERS = { dead: () => [], replay: async () => false };

/** No seed is fixed: fast-check prints it with a counterexample. */
describe('Whatever is asked over HTTP', () => {
  it('is answered in time, with no status of ours to be sorry for, and leaves no fault behind', async () => {
    const api = await startApi({ webhooks: NO_DEAD_LETTERS, parties: parties(), openToVisitors: true });
    expect(api.routes.length).toBeGreaterThan(8);
    // Not the number that is asked for: an erasure that is well formed would leave nothing of it.
    const { id, token } = await api.create({ to: '+12025550177', method: 'spoken' });
    const bearers = { ...KEYS, visitor: token, nobody: undefined };
    await fc.assert(
      fc.asyncProperty(askedOf(api.routes), async ({ as, ...rest }) => {
        const bearer = bearers[as];
        const authorization = bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` };
        const status = await statusOf(api, {
          ...rest,
          path: rest.path.replace(':id', id),
          headers: { ...rest.headers, ...authorization },
        });
        expect(status).toBeLessThan(500);
        expect(api.bugs).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['GET', '/v1/verifications'],
    ['GET', '/v1/webhooks/dead'],
    ['POST', '/v1/webhooks/dead/:id/replay'],
    ['POST', '/v1/erasures'],
  ])('from an operator at %s %s is answered, however wild', async (method, path) => {
    const api = await startApi({ webhooks: NO_DEAD_LETTERS, parties: parties() });
    const query = fc.dictionary(
      fc.constantFrom('to', 'status', 'method', 'from', 'to_time', 'cursor', 'limit', '__proto__'),
      fc.oneof(fc.constantFrom('-1', '1e9', '9'.repeat(30), '%', '+1 (202)', 'NaN', ''), fc.string({ unit: 'binary' })),
    );
    const wild = fc.oneof(fc.record({ to: value }), value).map((each) => JSON.stringify(each) ?? 'undefined');
    await fc.assert(
      fc.asyncProperty(query, wild, segment, async (asked, text, id) => {
        const [name, search] = [path.replace(':id', id), new URLSearchParams(asked)];
        const status = await statusOf(api, {
          method,
          path: `${name}?${String(search)}`,
          headers: { Authorization: `Bearer ${KEYS.operator}` },
          body: method === 'POST' ? text : undefined,
        });
        expect(status).toBeLessThan(500);
        expect(status).not.toBe(401);
        expect(api.bugs).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is answered or cut when it is no HTTP, and the server goes on', async () => {
    const api = await startApi();
    const start = fc.constantFrom(
      '',
      'GET / HTTP/1.1\r\n',
      'POST /v1/verifications HTTP/1.1\r\nHost: a\r\n',
      'GET /% HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          '\r\n',
          '\r\n\r\n',
          '\n',
          '\0',
          'Content-Length: 5\r\n',
          'Content-Length: -1\r\n',
          'Transfer-Encoding: chunked\r\n',
          'zz\r\n',
          '5\r\n',
          ': x\r\n',
          'Host: a\r\n',
        ),
        fc.string({ unit: 'binary', maxLength: 30 }),
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(start, pieces, async (first, rest) => {
        const answer = await sendRaw(api.port, `${first}${rest.join('')}`);
        expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
        expect(api.bugs).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  });
});

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Over a socket of our own: a client's library would put right half of what is wrong here. */
async function statusOf(
  { port }: Api,
  { method, path: target, headers: fields, body: text }: Exchange,
): Promise<number> {
  const lines = Object.entries(fields).map(([name, content]) => `${name}: ${content}`);
  const bytes = text === undefined ? undefined : Buffer.from(text);
  const type = text === undefined || 'Content-Type' in fields ? [] : ['Content-Type: application/json'];
  const length = bytes ? [...type, `Content-Length: ${bytes.length}`] : [];
  const head = [`${method} ${target} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...length, ...lines];
  const answer = await sendRaw(
    port,
    Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes ?? Buffer.alloc(0)]),
  );
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, ''))?.[1]);
  if (Number.isNaN(status)) throw new Error(`no answer to ${head[0] ?? ''}: ${answer}`);
  return status;
}

/** What came back until it was cut, by the server or, once an answer has begun and nothing follows, by us. */
async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const done = (): void => {
      clearTimeout(hung);
      socket.destroy();
      resolve(answer);
    };
    const hung = setTimeout(() => {
      socket.destroy();
      reject(new Error('no answer in time'));
    }, HANGS_AFTER);
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += String(chunk);
      // Event streams stay open: their head is all there is to see.
      if (answer.includes('text/event-stream') && answer.includes('\r\n\r\n')) done();
    });
    socket.on('error', done);
    socket.on('close', done);
    socket.end(bytes);
  });
}
