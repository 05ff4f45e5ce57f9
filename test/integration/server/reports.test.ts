import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../../../server/commands/run.ts';
import { filesIn } from '../../support/files-in.ts';
import { aFolder, serveWithFakeVoice } from './fake-voice.ts';

const NUMBER = '+12025550123';
const TOKEN = 'a-token-for-prometheus';

/** `ringproof do-not-call …` beside a server. */
async function doNotCall(folder: string, ...args: readonly string[]): Promise<string> {
  const env = { RINGPROOF_STORE: `lowdb:${join(folder, 'ringproof.json')}` };
  const stdout = new PassThrough();
  const output = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
  await run(['do-not-call', ...args], { env, ...output, stop: new AbortController().signal });
  return String(stdout.read() ?? '');
}

/** A server with a call whose phone holder presses the key; resolves when that is answered. */
async function aReportedCall(env: Readonly<Record<string, string>> = {}) {
  const folder = await aFolder();
  const all = await serveWithFakeVoice({ folder, env });
  const created = await all.api.create('keypad', NUMBER);
  const { call } = await all.gateway.next('place');
  all.gateway.say({ type: 'progress', callId: call.id, progress: { state: 'gate' } });
  all.gateway.say({ type: 'report', callId: call.id });
  const answer = await all.gateway.next('report-answer');
  return { ...all, folder, created, call, answer };
}

describe('a phone holder who presses the report key', () => {
  it('is told by the voice server that the number is kept', async () => {
    const { answer } = await aReportedCall();
    expect(answer).toMatchObject({ kept: true });
  });

  it('ends the verification with the reason, on the page and for the relying party', async () => {
    const { api, created } = await aReportedCall();
    expect(await api.view(created)).toMatchObject({
      status: 'failed',
      reason: 'reported',
      reportedAt: expect.stringMatching(/^\d{4}-/),
    });
  });

  it('is not called again, also after a crash right after the answer', async () => {
    const { folder, api } = await aReportedCall();
    expect(await api.refused(NUMBER)).toMatchObject({ status: 403, body: { code: 'number_not_allowed' } });
    const next = await serveWithFakeVoice({ folder: await copyOf(folder) });
    expect(await next.api.refused('001 202 555 0123')).toMatchObject({ status: 403 });
  });

  it('is called again once the operator has taken the number off the list', async () => {
    const { folder, api } = await aReportedCall();
    expect(await doNotCall(folder, 'list')).toMatch(/^\+1…23 +reported /);
    await doNotCall(folder, 'remove', NUMBER);
    expect(await api.create('keypad', NUMBER)).toMatchObject({ status: 'pending' });
  });

  it('is counted, and recorded without the number', async () => {
    const { gateway, call, server, folder } = await aReportedCall({ RINGPROOF_METRICS_TOKEN: TOKEN });
    gateway.say({ type: 'ended', callId: call.id, end: { outcome: 'reported', codeDelivered: false, trunk: 'local' } });
    const metrics = async () => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      return (await fetch(`${server.url}/metrics`, { headers })).text();
    };
    await expect.poll(metrics).toContain('ringproof_calls_total{outcome="reported",method="keypad",trunk="local"} 1');
    await server.close();
    const audit = (await filesIn(join(folder, 'ringproof.json.audit'))).map(({ text }) => text).join('\n');
    expect(audit).toMatch(/"event":"call\.reported","fields":\{"verification":"ver_/);
    expect(audit).toMatch(/"event":"verification\.ended".*"reason":"reported"/);
    expect(audit).not.toContain('2025550123');
  });
});

/** What a crash now would leave: the list as it is on disk. */
async function copyOf(folder: string): Promise<string> {
  const copy = await aFolder();
  for (const name of ['ringproof.json.secret', 'ringproof.json.do-not-call']) {
    await writeFile(join(copy, name), await readFile(join(folder, name)), { mode: 0o600 });
  }
  return copy;
}
