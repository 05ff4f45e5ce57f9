import { describe, expect, it, vi } from 'vitest';
import { aFolder, serveWithFakeVoice } from './fake-voice.ts';

const STEPS = ['dialing', 'ringing', 'answered', 'gate', 'collecting'] as const;

describe('the whole server with a played voice', () => {
  it('verifies a keypad code that comes from the phone, and shows every step', async () => {
    const { gateway, api } = await serveWithFakeVoice();
    const created = await api.create('keypad');
    const events = await api.events(created);
    const { call } = await gateway.next('place');
    for (const state of STEPS) gateway.say({ type: 'progress', callId: call.id, progress: { state } });
    gateway.say({ type: 'code', callId: call.id, seq: 1, code: created.code ?? '' });
    expect(await gateway.next('code-verdict')).toMatchObject({ verdict: 'verified' });
    gateway.say({ type: 'ended', callId: call.id, end: { outcome: 'completed', codeDelivered: true } });
    const text = await events.text();
    for (const state of [...STEPS, 'ended']) expect(text).toContain(`"state":"${state}"`);
    expect(await api.view(created)).toMatchObject({
      status: 'verified',
      call: { state: 'ended', outcome: 'completed' },
    });
  });

  it('verifies a spoken code that is typed, and has the phone told', async () => {
    const { gateway, api } = await serveWithFakeVoice();
    const created = await api.create('spoken');
    const { call } = await gateway.next('place');
    gateway.say({ type: 'progress', callId: call.id, progress: { state: 'speaking' } });
    const { id, token } = created;
    await api.ask(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code: call.code } });
    expect(await gateway.next('tell')).toMatchObject({ callId: call.id, verdict: 'verified' });
  });

  it('stays up when the voice server is killed in a call, and fails that verification with the reason', async () => {
    const { gateway, api, server } = await serveWithFakeVoice();
    const created = await api.create('keypad');
    const events = await api.events(created);
    const { call } = await gateway.next('place');
    gateway.say({ type: 'progress', callId: call.id, progress: { state: 'ringing' } });
    await vi.waitFor(async () => expect((await api.view(created)).call.state).toBe('ringing'));
    process.kill((await gateway.next('hello')).pid, 'SIGKILL');
    expect(await events.text()).toContain('"reason":"trunk-unavailable"');
    expect(await api.refused()).toMatchObject({ status: 503, body: { code: 'telephony_unavailable' } });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  });

  it('places calls again after the voice server came back', async () => {
    const { gateway, api } = await serveWithFakeVoice();
    process.kill((await gateway.next('hello')).pid, 'SIGKILL');
    await gateway.next('configure', 2);
    gateway.say({ type: 'status', status: { ready: true } });
    await vi.waitFor(async () => expect((await api.ask('/readyz')).status).toBe(200));
    expect(await api.create('keypad')).toMatchObject({ status: 'pending' });
  });

  it('finds its verifications after a restart, and ends the calls that were lost', async () => {
    const folder = await aFolder();
    const before = await serveWithFakeVoice({ folder });
    const created = await before.api.create('keypad');
    await before.server.close();
    const after = await serveWithFakeVoice({ folder });
    expect(await after.api.view(created)).toMatchObject({ id: created.id, status: 'failed', call: { state: 'ended' } });
  });

  it('ends open event streams when it is stopped', async () => {
    const { api, server } = await serveWithFakeVoice();
    const created = await api.create('keypad');
    const events = await api.events(created);
    await server.close();
    expect(await events.text()).toContain('"state":"queued"');
  });

  it('takes a phone on the local proxy of its own port', async () => {
    const { gateway, server } = await serveWithFakeVoice();
    const { config } = await gateway.next('configure');
    expect(config.trunks[0]?.url).toBe(`${server.url.replace('http', 'ws')}/sip`);
    const response = await fetch(`${server.url}/v1/settings`);
    expect(await response.json()).toMatchObject({
      proxy: { path: '/sip', domain: 'ringproof.local', passwordRequired: false },
    });
  });
});

describe('the log of a run', () => {
  it('holds no code, no token and no whole number', async () => {
    const { gateway, api, log } = await serveWithFakeVoice();
    const keypad = await api.create('keypad', '+12025550123');
    const spoken = await api.create('spoken', '+442071838750');
    const { call } = await gateway.next('place', 2);
    gateway.say({
      type: 'log',
      level: 'warn',
      event: 'call.failed',
      fields: { uri: 'sip:+12025550123@trunk', digits: '482913' },
    });
    gateway.say({ do: 'print', text: 'INVITE sip:+442071838750@trunk failed' });
    await api.refused('+1 202 555 01239999');
    await api.ask('/v1/verifications/+12025550123', { token: 'wrong-token-wrong-token' });
    const { id, token } = spoken;
    await api.ask(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code: call.code } });
    await api.ask(`/v1/verifications/${id}/check`, { method: 'POST', token, body: { code: '999888' } });
    await vi.waitFor(() => expect(log.join('')).toContain('gateway.output'));

    const text = log.join('');
    const secrets = [keypad.code, keypad.token, spoken.token, call.code, '999888', '482913', 'wrong-token'];
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/\+?\d{7,}/);
    expect(text).toContain('http.request');
  });
});
