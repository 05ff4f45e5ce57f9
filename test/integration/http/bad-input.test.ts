import { connect } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CreatedVerificationView } from '../../../server/http/contract.ts';
import { startApi, type Asked } from './api-server.ts';

const GOOD = { to: '+12025550123', method: 'keypad' };

async function post(body: unknown, asked: Asked = {}) {
  const api = await startApi();
  const answer = await api.ask('/v1/verifications', { method: 'POST', body, ...asked });
  return { ...answer, api };
}

describe('a creation that is refused', () => {
  it.each([
    ['a body that is not JSON', '{"to":', 400, 'invalid_json'],
    ['a list', [], 400, 'invalid_request'],
    ['a number', 7, 400, 'invalid_request'],
    ['an empty object', {}, 400, 'invalid_request'],
    ['a number that is none', { ...GOOD, to: 'hello' }, 422, 'invalid_number'],
    ['a number that does not exist', { ...GOOD, to: '+1202' }, 422, 'invalid_number'],
    ['a SIP address where none are allowed', { ...GOOD, to: 'sip:desk@pbx.example' }, 403, 'number_not_allowed'],
    ['an unknown method', { ...GOOD, method: 'pigeon' }, 422, 'unknown_method'],
    ['a locale without a voice', { ...GOOD, locale: 'tlh' }, 422, 'unknown_locale'],
    ['metadata that is not text', { ...GOOD, metadata: { age: 7 } }, 400, 'invalid_request'],
    [
      'too much metadata',
      { ...GOOD, metadata: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, ''])) },
      400,
      'invalid_request',
    ],
    ['an unknown field', { ...GOOD, colour: 'red' }, 400, 'invalid_request'],
  ])('for %s', async (...[, body, status, code]) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status, body: { status, code, type: `urn:ringproof:problem:${code}` } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body.detail).not.toBe('');
    expect(answer.body.title).not.toBe('');
  });

  it('points at every wrong field, with what was expected and the kind of what came', async () => {
    const { body } = await post({ to: 2025550123, method: 'keypad', metadata: { note: null }, 'a/b': 1 });
    expect(body.errors).toEqual([
      { field: '/to', expected: 'a telephone number such as +12025550123', got: 'a number' },
      { field: '/metadata/note', expected: 'a text', got: 'null' },
      { field: '/a~1b', expected: 'nothing', got: 'a field that the API does not know' },
    ]);
  });

  it('says what an extension may be, and that nobody is called with dial-in', async () => {
    const { body } = await post({ ...GOOD, extension: 'ask for Ann' });
    expect(body.errors).toMatchObject([{ field: '/extension', expected: expect.stringContaining('pauses , (2 s)') }]);
    const dialIn = await post({ ...GOOD, method: 'dial-in', extension: '204' });
    expect(dialIn.body.errors).toMatchObject([{ field: '/extension', expected: expect.stringContaining('dial-in') }]);
  });

  it.each([
    '007 EUR',
    '00.50 EUR',
    '1.2345 EUR',
    '49,90 EUR',
    '49.90EUR',
    '-5 EUR',
    '1e3 EUR',
    '٤٩ EUR',
    '1 eur',
    '.5 EUR',
    '5. EUR',
  ])('for the amount %s, which page and call would not tell alike', async (amount) => {
    const { body } = await post({ ...GOOD, transaction: { amount, payee: 'Bookshop' } });
    expect(body.errors).toMatchObject([
      { field: '/transaction/amount', expected: expect.stringContaining('49.90 EUR') },
    ]);
  });

  it('does not repeat what was typed', async () => {
    const { body } = await post({ ...GOOD, to: '+9990001112223' });
    expect(JSON.stringify(body)).not.toContain('9990001112223');
  });

  it('for a body of more than 8 kB, however it is sent', async () => {
    const long = { ...GOOD, to: '1'.repeat(9_000) };
    expect(await post(long)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    const { api } = await post(GOOD);
    const stream = new Blob([JSON.stringify(long)]).stream();
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit;
    expect((await fetch(`${api.url}/v1/verifications`, init)).status).toBe(413);
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('for a body as %s %o', async (type, more) => {
    const answer = await post(JSON.stringify(GOOD), { headers: { 'content-type': type, ...more } });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  it('for an Idempotency-Key that cannot be one', async () => {
    const headers = { 'idempotency-key': 'k'.repeat(256) };
    expect(await post(GOOD, { headers })).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } });
  });

  it('for an Idempotency-Key that was used for another request', async () => {
    const headers = { 'idempotency-key': 'order-17' };
    const { api } = await post(GOOD, { headers });
    const body = { ...GOOD, to: '+12025550199' };
    const answer = await api.ask('/v1/verifications', { method: 'POST', headers, body });
    expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('while no call can be placed, with the reason and when to come back', async () => {
    const { ask, telephony } = await startApi();
    telephony.current = { ready: false, reason: 'trunk-unreachable', detail: 'connection refused' };
    const answer = await ask('/v1/verifications', { method: 'POST', body: GOOD });
    expect(answer).toMatchObject({ status: 503, body: { code: 'telephony_unavailable' } });
    expect(answer.body.detail).toContain('trunk-unreachable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('while every trunk that carries the number is full, with when to come back', async () => {
    const { ask, telephony } = await startApi();
    telephony.current = { ready: false, reason: 'trunks-full', detail: 'all of them' };
    const answer = await ask('/v1/verifications', { method: 'POST', body: GOOD });
    expect(answer).toMatchObject({ status: 503, body: { code: 'telephony_unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('for a number that no trunk carries, for ever and in the words of any other refusal', async () => {
    const { ask, telephony } = await startApi();
    telephony.current = { ready: false, reason: 'no-trunk', detail: 'none' };
    const answer = await ask('/v1/verifications', { method: 'POST', body: GOOD });
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'number_not_allowed', detail: 'Calls to this number are not placed from here' },
    });
    expect(answer.headers.get('retry-after')).toBeNull();
  });
});

describe('a verification that refuses', () => {
  it('a check once it is over', async () => {
    const { ask, create } = await startApi();
    const { id, token } = await create({ method: 'spoken' });
    await ask(`/v1/verifications/${id}`, { method: 'DELETE', token });
    const answer = await ask(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code: '000000' } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'verification_closed' } });
  });

  it('a second call while the first is in progress', async () => {
    const { ask, create } = await startApi();
    const { id, token } = await create();
    const answer = await ask(`/v1/verifications/${id}/calls`, { method: 'POST', token });
    expect(answer).toMatchObject({ status: 409, body: { code: 'call_in_progress' } });
  });

  it('the code of the keypad on the page', async () => {
    const { ask, create } = await startApi();
    const { id, token, code } = await create();
    const answer = await ask(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'code_not_typed_here' } });
  });

  it.each(['12345', '1234567', 'abcdef', '', 123_456, null])(
    'a code such as %o, without taking an attempt',
    async (code) => {
      const { ask, create } = await startApi();
      const { id, token } = await create({ method: 'spoken' });
      const answer = await ask(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code } });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field: '/code' }] } });
      expect(await ask(`/v1/verifications/${id}`, { token })).toMatchObject({ body: { attemptsLeft: 5 } });
    },
  );
});

describe('an address that there is not', () => {
  it.each(['/v1', '/v1/verification', '/nothing.html', '/v1/verifications/a/b/c', '/%', '/%ff', '//'])(
    'answers %s with a problem document',
    async (path) => {
      const { ask } = await startApi();
      expect(await ask(path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  );

  it('answers a method that is not possible with those that are', async () => {
    const { ask } = await startApi();
    const answer = await ask('/v1/verifications', { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe('POST, HEAD, GET');
  });

  it('answers a method that nobody knows', async () => {
    const { ask } = await startApi();
    expect(await ask('/healthz', { method: 'PROPFIND' })).toMatchObject({
      status: 405,
      body: { code: 'method_not_allowed' },
    });
  });
});

async function send(bytes: string): Promise<string> {
  const { port } = await startApi();
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('what is no request', () => {
  it.each([
    ['noise', '\u0000\u0001\u0002 hello\r\n\r\n', 'HTTP/1.1 400 ', 'invalid_request'],
    [
      'a header without end',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
      'HTTP/1.1 431 ',
      'header_too_large',
    ],
  ])('%s is answered with a problem document', async (...[, bytes, status, code]) => {
    const answer = await send(bytes);
    expect(answer).toMatch(new RegExp(`^${status}`));
    expect(answer).toContain(`"code":"${code}"`);
  });

  it('a host of somebody else does not get into the security policy', async () => {
    const answer = await send('GET /healthz HTTP/1.1\r\nHost: a; script-src *\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('HTTP/1.1 200');
    expect(answer).not.toContain('script-src *');
  });
});

describe('whatever is sent', () => {
  it('is answered without a 500, and the server lives on', async () => {
    const { ask, create, bugs } = await startApi();
    const { id, token } = await create();
    const paths = fc.constantFrom(
      '/v1/verifications',
      `/v1/verifications/${id}/check`,
      `/v1/verifications/${id}/calls`,
    );
    const bodies = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.string(),
      fc
        .record({ to: fc.anything(), method: fc.anything(), locale: fc.anything(), metadata: fc.anything() })
        .map((body) => JSON.stringify(body)),
      fc.record({ code: fc.anything() }).map((body) => JSON.stringify(body)),
      fc.constantFrom('{"__proto__":{"to":"x"}}', '{"metadata":{"__proto__":"x"}}', '{"constructor":{"prototype":1}}'),
    );
    await fc.assert(
      fc.asyncProperty(paths, bodies, async (path, body) => {
        const answer = await ask<CreatedVerificationView>(path, {
          method: 'POST',
          token: path.includes(id) ? token : undefined,
          body,
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
    expect(bugs).toEqual([]);
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });
});
