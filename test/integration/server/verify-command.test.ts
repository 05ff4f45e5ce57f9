import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { verify } from '../../../server/commands/verify.ts';
import type { FakeGateway } from '../../fakes/fake-gateway.ts';
import { SHARED_WORDS } from '../../../server/verification/shared-words.ts';
import { serveWithFakeVoice } from './fake-voice.ts';

function run(url: string, ...args: string[]) {
  const terminal = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const written = { stdout: '', stderr: '' };
  terminal.stdout.on('data', (chunk) => (written.stdout += String(chunk)));
  terminal.stderr.on('data', (chunk) => (written.stderr += String(chunk)));
  const stopping = new AbortController();
  const code = verify(['+12025550123', '--url', url, ...args], { ...terminal, env: {}, stop: stopping.signal });
  return { code, written, stdin: terminal.stdin, stop: () => stopping.abort() };
}

async function ringing(gateway: FakeGateway) {
  const { call } = await gateway.next('place');
  const callId = call.id;
  gateway.say({ type: 'progress', callId, progress: { state: 'dialing' } });
  gateway.say({ type: 'progress', callId, progress: { state: 'ringing' } });
  return call;
}

describe('ringproof verify', () => {
  it('shows the code to key, every step, and exits with 0 when the number is verified', async () => {
    const { gateway, server } = await serveWithFakeVoice();
    const { code, written } = run(server.url);
    const { id: callId } = await ringing(gateway);
    await expect.poll(() => written.stdout).toContain('The phone is ringing');
    const [, shown = ''] = /key this code: ([\d ]+)/.exec(written.stdout) ?? [];
    gateway.say({ type: 'code', callId, seq: 1, code: shown.replaceAll(' ', '') });
    await gateway.next('code-verdict');
    gateway.say({ type: 'ended', callId, end: { outcome: 'completed', codeDelivered: true } });
    expect(await code).toBe(0);
    expect(written.stdout).toContain('The call has ended: completed [verified]');
  });

  it('shows what page and call share, and asks for all that the API can do', async () => {
    const { gateway, server } = await serveWithFakeVoice();
    const transaction = ['--amount', '49.90 EUR', '--payee', 'Ana'];
    const { code, written, stop } = run(server.url, '--say-word', '--extension', ',204#', ...transaction);
    const call = await ringing(gateway);
    await expect.poll(() => written.stdout).toContain('Answer the phone');
    const [, word = ''] = /say the word: (\w+)/.exec(written.stdout) ?? [];
    expect(SHARED_WORDS.en[call.word ?? -1]).toBe(word);
    expect(call.transaction).toMatchObject({ payee: expect.anything() });
    expect(written.stdout).toContain('a payment of 49.90 EUR to Ana');
    expect(written.stdout).toContain('these are keyed: ,204#');
    stop();
    await code;
  });

  it('takes the spoken code from its input, with another try after a wrong one', async () => {
    const { gateway, server } = await serveWithFakeVoice();
    const { code, written, stdin } = run(server.url, '--method', 'spoken');
    const call = await ringing(gateway);
    stdin.write(call.code === '000000' ? '000001\n' : '000000\n');
    await expect.poll(() => written.stdout).toContain('Not right; 4 attempts left');
    stdin.write(`${call.code?.slice(0, 3)} ${call.code?.slice(3)}\n`);
    await gateway.next('tell');
    gateway.say({ type: 'ended', callId: call.id, end: { outcome: 'completed', codeDelivered: true } });
    expect(await code).toBe(0);
  });

  it('exits with 1 when the number was not verified', async () => {
    const { gateway, server } = await serveWithFakeVoice();
    const { code, written } = run(server.url);
    const { id: callId } = await ringing(gateway);
    gateway.say({ type: 'ended', callId, end: { outcome: 'busy', codeDelivered: false } });
    expect(await code).toBe(1);
    expect(written.stdout).toContain('The call has ended: busy [failed, busy]');
  });

  it('gives one JSON object a line when asked', async () => {
    const { gateway, server } = await serveWithFakeVoice();
    const { code, written } = run(server.url, '--json');
    const { id: callId } = await ringing(gateway);
    gateway.say({ type: 'ended', callId, end: { outcome: 'rejected', codeDelivered: false } });
    await code;
    const lines = written.stdout.trim().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code: expect.stringMatching(/^\d{6}$/), status: 'pending' });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ status: 'failed', reason: 'rejected' });
  });

  it('cancels the verification when it is stopped', async () => {
    const { gateway, server } = await serveWithFakeVoice();
    const { code, written, stop } = run(server.url);
    const { id: callId } = await ringing(gateway);
    await expect.poll(() => written.stdout).toContain('The phone is ringing');
    stop();
    expect(await gateway.next('hang-up')).toMatchObject({ callId });
    expect(await code).toBe(1);
  });

  it('says the server’s own words when it is refused', async () => {
    const { server } = await serveWithFakeVoice({ env: { RINGPROOF_API_KEYS: 'shop:0123456789abcdef' } });
    const { code, written } = run(server.url);
    expect(await code).toBe(1);
    expect(written.stderr).toMatch(/^unauthorized: /);
  });

  it('says where its key comes from when the server asks for one', async () => {
    const { server } = await serveWithFakeVoice({ env: { RINGPROOF_API_KEYS: 'shop:0123456789abcdef' } });
    const { code, written } = run(server.url);
    await code;
    expect(written.stderr).toContain('\nRINGPROOF_API_KEY is the key that is sent.\n');
  });
});
