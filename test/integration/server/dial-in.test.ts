import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLine, type AuditLine } from '../../../server/audit/audit-line.ts';
import type { Caller } from '../../../server/verification/caller.ts';
import { filesIn } from '../../support/files-in.ts';
import { aFolder, serveWithFakeVoice } from './fake-voice.ts';

const NUMBER = '+12025550123';
const ANOTHER = '+12025550147';
const TOKEN = 'a-token-for-prometheus';
const TRUNK = 'local';
const VOUCHED: Caller = {
  presented: NUMBER,
  evidence: { source: 'asserted', validation: 'passed', attestation: 'A', claimed: 'B' },
};

/** A server that counts and records, with a voice server on which people call. */
async function aServer() {
  const folder = await aFolder();
  const all = await serveWithFakeVoice({ folder, env: { RINGPROOF_METRICS_TOKEN: TOKEN } });
  const { server, gateway } = all;
  let calls = 0;
  return {
    ...all,
    /** Somebody calls; gives the call's id. */
    comesIn: (caller: Partial<Caller>): string => {
      calls += 1;
      const id = `call_${calls}`;
      gateway.say({ type: 'incoming', call: { id, caller: { evidence: { source: 'from' }, ...caller } } });
      return id;
    },
    metrics: async (): Promise<string> => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      return (await fetch(`${server.url}/metrics`, { headers })).text();
    },
    /** The record once the server has closed, line by line. */
    audit: async (): Promise<readonly AuditLine[]> => {
      await server.close();
      const files = await filesIn(join(folder, 'ringproof.json.audit'));
      return files.flatMap(({ text }) => text.split('\n')).flatMap((line) => readLine(line) ?? []);
    },
  };
}

/** One that has keyed a wrong code, then the right one, and was told. */
async function aVerifiedCaller() {
  const world = await aServer();
  const { gateway, api } = world;
  const created = await api.create('dial-in', NUMBER);
  const callId = world.comesIn(VOUCHED);
  await gateway.next('take');
  gateway.say({ type: 'progress', callId, progress: { state: 'ringing', trunk: TRUNK } });
  gateway.say({ type: 'progress', callId, progress: { state: 'answered' } });
  const wrong = created.code === '111111' ? '222222' : '111111';
  for (const [seq, code] of [wrong, created.code ?? ''].entries()) {
    gateway.say({ type: 'code', callId, seq, code });
    await gateway.next('code-verdict');
  }
  gateway.say({ type: 'ended', callId, end: { outcome: 'completed', codeDelivered: true, trunk: TRUNK } });
  await expect.poll(async () => (await api.view(created)).call.state).toBe('ended');
  return { ...world, created, callId };
}

describe('what is counted of calls that come in', () => {
  it.each([
    ['unknown-caller', { presented: ANOTHER }],
    ['withheld-caller', {}],
  ] as const)('is what was decided about them: %s', async (result, caller) => {
    const world = await aServer();
    world.comesIn(caller);
    await world.gateway.next('take');
    expect(await world.metrics()).toContain(`ringproof_incoming_calls_total{result="${result}"} 1`);
  });

  it('is the one that is up, by its trunk', async () => {
    const world = await aServer();
    await world.api.create('dial-in', NUMBER);
    const callId = world.comesIn({ presented: NUMBER });
    await world.gateway.next('take');
    world.gateway.say({ type: 'progress', callId, progress: { state: 'answered', trunk: TRUNK } });
    await expect.poll(world.metrics).toContain('ringproof_live_calls{trunk="local"} 1');
  });

  it('is how they ended and what they brought, with neither number nor id', async () => {
    const { metrics, created, callId } = await aVerifiedCaller();
    const text = await metrics();
    for (const line of [
      'ringproof_incoming_calls_total{result="answered"} 1',
      'ringproof_calls_total{outcome="completed",method="dial-in",trunk="local"} 1',
      'ringproof_verifications_total{status="created",method="dial-in"} 1',
      'ringproof_verifications_total{status="verified",method="dial-in"} 1',
      'ringproof_live_calls{trunk="local"} 0',
      // Nobody was rung, so nothing is known of how fast.
      'ringproof_call_setup_seconds_count 0',
      'ringproof_call_answer_seconds_count 0',
    ]) {
      expect(text).toContain(line);
    }
    for (const secret of ['2025550123', created.id, callId]) expect(text).not.toContain(secret);
  });

  it('is no call where nobody called', async () => {
    const world = await aServer();
    const { id, token } = await world.api.create('dial-in', NUMBER);
    await world.api.ask(`/v1/verifications/${id}`, { method: 'DELETE', token });
    const text = await world.metrics();
    expect(text).toContain('ringproof_verifications_total{status="canceled",method="dial-in"} 1');
    expect(text).not.toMatch(/^ringproof_calls_total\{/m);
  });
});

describe('what is recorded of calls that come in', () => {
  it('is who was said to call, each code, and how it ended, without number and code', async () => {
    const { audit, created, callId } = await aVerifiedCaller();
    const about = { verification: created.id };
    const lines = (await audit()).filter(({ fields }) => fields['verification'] === created.id);
    expect(lines.map(({ event, fields }) => ({ event, fields }))).toEqual([
      { event: 'verification.created', fields: expect.objectContaining({ method: 'dial-in', number: '+1…23' }) },
      { event: 'request.accepted', fields: expect.objectContaining({ asked: 'POST /v1/verifications' }) },
      {
        event: 'call.came-in',
        fields: {
          ...about,
          call: callId,
          callNumber: 1,
          callerFrom: 'asserted',
          validation: 'passed',
          attestation: 'A',
          claimedAttestation: 'B',
        },
      },
      { event: 'code.checked', fields: { ...about, result: 'wrong', attemptsLeft: 4 } },
      { event: 'code.checked', fields: { ...about, result: 'right', attemptsLeft: 4 } },
      { event: 'verification.ended', fields: { ...about, status: 'verified' } },
      { event: 'call.ended', fields: { ...about, call: callId, outcome: 'completed', trunk: TRUNK } },
    ]);
    const written = JSON.stringify(lines);
    for (const secret of ['2025550123', created.code ?? 'no code']) expect(written).not.toContain(secret);
  });

  it('is why one that serves no verification was turned away, and nothing else of it', async () => {
    const world = await aServer();
    world.comesIn({ presented: ANOTHER });
    await world.gateway.next('take');
    const lines = await world.audit();
    expect(lines.filter(({ event }) => event.startsWith('call.')).map(({ fields }) => fields)).toEqual([
      { result: 'unknown-caller' },
    ]);
  });

  it('is one that the network found to be false', async () => {
    const world = await aServer();
    await world.api.create('dial-in', NUMBER);
    world.comesIn({ presented: NUMBER, evidence: { source: 'asserted', validation: 'failed' } });
    await world.gateway.next('refuse');
    const lines = (await world.audit()).filter(({ event }) => event.startsWith('call.'));
    expect(
      lines.map(({ event, fields }) => [event, fields['outcome'] ?? fields['validation'] ?? fields['result']]),
    ).toEqual([
      ['call.came-in', 'failed'],
      ['call.ended', 'rejected'],
      ['call.turned-away', 'caller-not-valid'],
    ]);
  });
});
