import { describe, expect, it } from 'vitest';
import type { CheckView, CreatedVerificationView, VerificationView } from '../../../server/http/contract.ts';
import { startApi } from './api-server.ts';

describe('POST /v1/verifications', () => {
  it('answers 201 with the code to show, the token and where to find it', async () => {
    const { ask } = await startApi();
    const { status, headers, body } = await ask<CreatedVerificationView>('/v1/verifications', {
      method: 'POST',
      body: { to: '(202) 555-0123', method: 'keypad', metadata: { user: 'ada' } },
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/verifications/${body.id}`);
    expect(body).toMatchObject({
      to: '+12025550123',
      method: 'keypad',
      status: 'pending',
      attemptsLeft: 5,
      locale: 'en',
    });
    expect(body).toMatchObject({ code: expect.stringMatching(/^\d{6}$/), metadata: { user: 'ada' } });
    expect(body.token.length).toBeGreaterThan(20);
    expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(600_000);
  });

  it('never gives the code of a spoken verification', async () => {
    const { create } = await startApi();
    expect(await create({ method: 'spoken' })).not.toHaveProperty('code');
  });

  it('rings the number once for two requests with one Idempotency-Key', async () => {
    const { create, telephony } = await startApi();
    const headers = { 'idempotency-key': 'a3b0f0f0-1' };
    const first = await create({}, { headers });
    expect(await create({}, { headers })).toMatchObject({ id: first.id, token: first.token, code: first.code });
    expect(telephony.calls).toHaveLength(1);
  });

  it('speaks the language that the page asks for, and else the one that the browser prefers', async () => {
    const { create } = await startApi();
    const headers = { 'accept-language': 'ja, zh-TW;q=0.8, en;q=0.5' };
    expect((await create({}, { headers })).locale).toBe('zh');
    expect((await create({ locale: 'en-GB' }, { headers })).locale).toBe('en');
  });
});

describe('the language of a call that nobody asked for', () => {
  it.each([
    ['+34 612 34 56 78', 'es'],
    ['0049 1512 3456789', 'de'],
    ['(202) 555-0123', 'en'],
  ])('is that of the number (%s is spoken to in %s)', async (to, locale) => {
    const { create } = await startApi();
    expect((await create({ to }, { headers: { 'accept-language': '*' } })).locale).toBe(locale);
  });
});

describe('a verification over HTTP', () => {
  it('shows its state without code and token', async () => {
    const { ask, create } = await startApi();
    const { id, token } = await create();
    const { status, body, headers } = await ask<VerificationView>(`/v1/verifications/${id}`, { token });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, status: 'pending', call: { number: 1, state: 'queued', keys: 0 } });
    expect(Object.keys(body)).not.toContain('code');
    expect(Object.keys(body)).not.toContain('token');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is verified by the code that was spoken', async () => {
    const { ask, create, telephony } = await startApi();
    const { id, token } = await create({ method: 'spoken' });
    const { code } = telephony.last.request;
    const answer = await ask<CheckView>(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code } });
    expect(answer).toMatchObject({ status: 200, body: { status: 'verified', attemptsLeft: 5 } });
  });

  it('answers a wrong code with 200, pending and one attempt less', async () => {
    const { ask, create, telephony } = await startApi();
    const { id, token } = await create({ method: 'spoken' });
    const wrong = telephony.last.request.code === '000000' ? '000001' : '000000';
    const answer = await ask<CheckView>(`/v1/verifications/${id}/check`, {
      method: 'POST',
      token,
      body: { code: wrong },
    });
    expect(answer).toMatchObject({ status: 200, body: { status: 'pending', attemptsLeft: 4 } });
  });

  it('is canceled, and its call hung up', async () => {
    const { ask, create, telephony } = await startApi();
    const { id, token } = await create();
    const answer = await ask<VerificationView>(`/v1/verifications/${id}`, { method: 'DELETE', token });
    expect(answer).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(telephony.last.hungUp).toBe(true);
  });

  it('is called again with a fresh code once the call has ended', async () => {
    const { ask, create, telephony } = await startApi();
    const { id, token } = await create({ method: 'spoken' });
    telephony.last.progress('dialing');
    telephony.last.end('hung-up', { codeDelivered: true });
    const answer = await ask<CreatedVerificationView>(`/v1/verifications/${id}/calls`, { method: 'POST', token });
    expect(answer).toMatchObject({ status: 201, body: { id, token, call: { number: 2, state: 'queued' } } });
    expect(telephony.calls).toHaveLength(2);
  });
});

describe('who may do what', () => {
  const keys = [
    { relyingParty: 'shop', key: 'shop-key-0123456789' },
    { relyingParty: 'bank', key: 'bank-key-0123456789' },
  ];

  it('needs a key to create once there are keys', async () => {
    const { ask } = await startApi({ apiKeys: keys });
    const body = { to: '+12025550123', method: 'keypad' };
    const { status, headers, body: problem } = await ask('/v1/verifications', { method: 'POST', body });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect(problem.code).toBe('unauthorized');
  });

  it('lets visitors create beside the keys where the operator wants that', async () => {
    const { create } = await startApi({ apiKeys: keys, openToVisitors: true });
    expect(await create()).toMatchObject({ status: 'pending' });
  });

  it('refuses a key that is not known', async () => {
    const { ask } = await startApi({ apiKeys: keys, openToVisitors: true });
    const asked = { method: 'POST', token: 'shop-key-wrong-wrong', body: { to: '+12025550123', method: 'keypad' } };
    expect(await ask('/v1/verifications', asked)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('shows a relying party its own verifications only', async () => {
    const { ask, create } = await startApi({ apiKeys: keys });
    const { id } = await create({}, { token: 'shop-key-0123456789' });
    expect(await ask(`/v1/verifications/${id}`, { token: 'shop-key-0123456789' })).toMatchObject({ status: 200 });
    expect(await ask(`/v1/verifications/${id}`, { token: 'bank-key-0123456789' })).toMatchObject({ status: 404 });
  });

  it('opens one verification with its token, and no other', async () => {
    const { ask, create } = await startApi();
    const one = await create();
    const other = await create({ to: '+12025550124' });
    expect(await ask(`/v1/verifications/${other.id}`, { token: one.token })).toMatchObject({ status: 404 });
  });

  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/check'],
    ['POST', '/calls'],
    ['GET', '/events'],
  ])('answers %s %s with a wrong token exactly as with an unknown id', async (method, path) => {
    const { ask, create } = await startApi();
    const { id } = await create();
    const token = 'not-the-token-of-this-verification';
    const existing = await ask(`/v1/verifications/${id}${path}`, { method, token });
    const unknown = await ask(`/v1/verifications/ver_unknown${path}`, { method, token });
    expect(existing).toMatchObject({ status: 404, body: { code: 'verification_not_found' } });
    expect(existing.body).toEqual(unknown.body);
  });

  it('asks for a token where none came, whether or not the id exists', async () => {
    const { ask, create } = await startApi();
    const { id } = await create();
    const existing = await ask(`/v1/verifications/${id}`);
    const unknown = await ask('/v1/verifications/ver_unknown');
    expect(existing).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(existing.body).toEqual(unknown.body);
  });

  it('refuses an Authorization header of another kind', async () => {
    const { ask } = await startApi();
    const headers = { authorization: 'Basic dXNlcjpwYXNz' };
    expect(await ask('/v1/verifications/ver_x', { headers })).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
    });
  });
});
