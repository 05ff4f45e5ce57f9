import { readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProblemDocument } from '../../../server/http/contract.ts';
import { aFolder, serveWithFakeVoice } from './fake-voice.ts';

const NUMBER = '+12025550147';
const TOKEN = 'a-token-for-prometheus';
const UP = { name: 'local', ready: true } as const;
const DOWN = { name: 'local', ready: false, reason: 'trunk-refused', detail: '403 Forbidden' } as const;

describe('/readyz', () => {
  it('says that the disk is full, and that it is not any more', async () => {
    const folder = await aFolder();
    await symlink('/dev/full', join(folder, 'ringproof.json.probe'));
    const { api } = await serveWithFakeVoice({ folder });
    const full = await api.ask<{ store: object }>('/readyz');
    expect(full).toMatchObject({ status: 503, body: { store: { ready: false, reason: 'store-failed' } } });
    expect(JSON.stringify(full.body)).toContain('ENOSPC');
    await expect.poll(async () => (await api.ask('/readyz')).status, { timeout: 8_000 }).toBe(200);
  });

  it.each([
    { what: 'the gateway is not registered', trunks: [DOWN], says: 503, creation: 503 },
    { what: 'all of several trunks are down', trunks: [DOWN, { ...DOWN, name: 'b' }], says: 503, creation: 503 },
    { what: 'one of several trunks is down', trunks: [UP, { ...DOWN, name: 'b' }], says: 200, creation: 201 },
    // Calls end: a load balancer must not take the server out for that.
    { what: 'every trunk is full at the moment', trunks: [{ ...UP, full: true }], says: 200, creation: 503 },
  ] as const)('tells the truth when $what', async ({ trunks, says, creation }) => {
    const { api, gateway, server } = await serveWithFakeVoice({ env: { RINGPROOF_METRICS_TOKEN: TOKEN } });
    const { reason, detail } = DOWN;
    const whole = says === 200 ? ({ ready: true } as const) : ({ ready: false, reason, detail } as const);
    gateway.say({ type: 'status', status: { ...whole, trunks } });
    const telephony = { ...whole, trunks };
    await expect.poll(async () => api.ask<object>('/readyz')).toMatchObject({ status: says, body: { telephony } });
    const counted = await scrape(server.url);
    for (const { name, ready } of trunks) {
      expect(counted).toContain(`ringproof_trunk_ready{trunk="${name}"} ${ready ? 1 : 0}`);
    }
    expect((await api.refused(NUMBER)).status).toBe(creation);
  });

  it('says that the voice server is gone, and comes back with it', async () => {
    const { api, gateway } = await serveWithFakeVoice();
    gateway.say({ type: 'status', status: { ready: false, reason: 'gateway-down', detail: 'it stopped' } });
    await expect.poll(async () => (await api.ask('/readyz')).status).toBe(503);
    gateway.say({ type: 'status', status: { ready: true } });
    await expect.poll(async () => (await api.ask('/readyz')).status).toBe(200);
  });

  it('leaves nothing behind', async () => {
    const folder = await aFolder();
    const { api } = await serveWithFakeVoice({ folder });
    await api.ask('/readyz');
    expect(await readdir(folder)).not.toContain('ringproof.json.probe');
  });
});

describe('/metrics', () => {
  it('is not there without a token for it', async () => {
    const { api } = await serveWithFakeVoice();
    expect((await api.ask<ProblemDocument>('/metrics')).status).toBe(404);
  });

  it('is refused to who does not send the token', async () => {
    const { api } = await serveWithFakeVoice({ env: { RINGPROOF_METRICS_TOKEN: TOKEN } });
    expect((await api.ask<ProblemDocument>('/metrics', { token: 'another-token-of-nobody' })).status).toBe(401);
  });

  it('counts calls by outcome and trunk, verifications, refusals and live calls, and names nobody', async () => {
    const { server, gateway, api } = await serveWithFakeVoice({ env: { RINGPROOF_METRICS_TOKEN: TOKEN } });
    const created = await api.create('keypad', NUMBER);
    const { call } = await gateway.next('place');
    gateway.say({ type: 'progress', callId: call.id, progress: { state: 'dialing', trunk: 'local' } });
    gateway.say({ type: 'progress', callId: call.id, progress: { state: 'ringing' } });
    gateway.say({ type: 'progress', callId: call.id, progress: { state: 'answered' } });
    await expect.poll(async () => scrape(server.url)).toContain('ringproof_live_calls{trunk="local"} 1');
    const end = { outcome: 'busy', codeDelivered: false, keyTiming: 'machine-regular' } as const;
    gateway.say({ type: 'ended', callId: call.id, end });
    await expect.poll(async () => (await api.view(created)).status).toBe('failed');
    await api.refused('hello');
    const text = await scrape(server.url);
    for (const line of [
      'ringproof_calls_total{outcome="busy",method="keypad",trunk="local"} 1',
      'ringproof_machine_regular_calls_total{method="keypad"} 1',
      'ringproof_verifications_total{status="created",method="keypad"} 1',
      'ringproof_verifications_total{status="failed",method="keypad"} 1',
      'ringproof_refusals_total{code="invalid_number"} 1',
      'ringproof_live_calls{trunk="local"} 0',
      'ringproof_trunk_ready{trunk="local"} 1',
      'ringproof_call_setup_seconds_count 1',
      'ringproof_call_answer_seconds_count 1',
      'ringproof_event_loop_lag_seconds{quantile="0.99"}',
      'ringproof_store_write_seconds_count{result="stored"}',
    ]) {
      expect(text).toContain(line);
    }
    for (const secret of ['2025550147', created.id, call.id]) expect(text).not.toContain(secret);
  });
});

describe('/metrics, where rules refuse', () => {
  it('counts the refusals of each rule, and the records say which it was while the visitor is not told', async () => {
    const folder = await aFolder();
    const { server, gateway, api, log } = await serveWithFakeVoice({
      folder,
      env: { RINGPROOF_METRICS_TOKEN: TOKEN, RINGPROOF_LIMITS: 'on', RINGPROOF_COUNTRIES: 'US' },
    });
    expect(JSON.stringify((await api.refused('+442079460123')).body)).not.toContain('country');
    await api.create('keypad', NUMBER);
    const { call } = await gateway.next('place');
    gateway.say({ type: 'ended', callId: call.id, end: { outcome: 'busy', codeDelivered: false } });
    await expect.poll(async () => (await api.refused(NUMBER)).status).toBe(429);
    const text = await scrape(server.url);
    expect(text).toContain('ringproof_rule_refusals_total{rule="country"} 1');
    expect(text).toMatch(/ringproof_rule_refusals_total\{rule="(growing-delay|one-call)"\} 1/);
    expect(text).toContain('ringproof_refusals_total{code="rate_limited"} 1');
    await server.close();
    const audit = await readAll(join(folder, 'ringproof.json.audit'));
    expect(audit).toMatch(
      /"event":"request.refused".*"code":"number_not_allowed","number":"\+4…23","person":"[\w-]{22}","rule":"country"/,
    );
    const requests = log.map((line) => JSON.parse(line)).filter(({ event }) => event === 'http.request');
    expect(requests).toContainEqual(expect.objectContaining({ problem: 'number_not_allowed', rule: 'country' }));
  });
});

describe('What the server keeps and writes', () => {
  it('joins a request to its call, and has neither number, code nor token but in the store itself', async () => {
    const folder = await aFolder();
    const { server, gateway, api, log } = await serveWithFakeVoice({ folder });
    const created = await api.create('keypad', NUMBER);
    const { call } = await gateway.next('place');
    await api.refused('+12025550199x');
    await api.ask<ProblemDocument>(`/v1/verifications/${created.id}`, { token: 'wrong' });
    gateway.say({ type: 'code', callId: call.id, seq: 1, code: created.code ?? '' });
    await gateway.next('code-verdict');
    gateway.say({ type: 'ended', callId: call.id, end: { outcome: 'completed', codeDelivered: true } });
    await expect.poll(async () => (await api.view(created)).call.state).toBe('ended');
    await server.close();

    const requests = log.map((line) => JSON.parse(line)).filter(({ event }) => event === 'http.request');
    expect(requests).toContainEqual(
      expect.objectContaining({ verificationId: created.id, callId: call.id, requestId: expect.any(String) }),
    );
    const audit = await readAll(join(folder, 'ringproof.json.audit'));
    for (const event of ['request.accepted', 'request.refused', 'verification.created', 'code.checked', 'call.ended']) {
      expect(audit).toContain(`"event":"${event}"`);
    }
    const written = `${log.join('')}${audit}${await readAll(folder, 'ringproof.json.')}`;
    for (const secret of ['2025550147', '2025550199', created.code ?? 'no code', created.token, '127.0.0.1"']) {
      expect(written.includes(secret), `${secret.slice(0, 2)}… was written`).toBe(false);
    }
  });
});

async function scrape(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return response.text();
}

/** Every file of a folder as one text. */
async function readAll(folder: string, prefix = ''): Promise<string> {
  const texts: string[] = [];
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (name.startsWith(prefix) && (await stat(file)).isFile()) texts.push(await readFile(file, 'utf8'));
  }
  return texts.join('\n');
}
