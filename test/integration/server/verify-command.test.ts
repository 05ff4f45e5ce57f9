import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
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

/** Something that answers HTTP in a way of its own. */
async function serverOf(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
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

  it('says what is missing where nobody has a phone for the number on the local proxy', async () => {
    const { gateway, server } = await serveWithFakeVoice();
    const { code, written } = run(server.url);
    const { id: callId } = (await gateway.next('place')).call;
    gateway.say({ type: 'ended', callId, end: { outcome: 'invalid-number', codeDelivered: false } });
    expect(await code).toBe(1);
    expect(written.stderr).toContain('No phone is registered as +12025550123');
    expect(written.stderr).toContain('\n  ringproof phone +12025550123\n');
    expect(written.stderr).toContain(`${server.url}/phone`);
  });

  it('says nothing of phones where the telephone network knows no such number', async () => {
    const { gateway, server } = await serveWithFakeVoice({
      env: {
        RINGPROOF_SIP_URL: 'ws://127.0.0.1:1/ws',
        RINGPROOF_SIP_URI: 'sip:ringproof@pbx.example',
        RINGPROOF_COUNTRIES: 'US',
      },
    });
    const { code, written } = run(server.url);
    const { id: callId } = (await gateway.next('place')).call;
    gateway.say({ type: 'ended', callId, end: { outcome: 'invalid-number', codeDelivered: false } });
    expect(await code).toBe(1);
    expect(written.stderr).toBe('');
  });

  it('says that what answers is no Ringproof server', async () => {
    const url = await serverOf((_, response) => response.end('<html>'));
    await expect(run(url).code).rejects.toMatchObject({ code: 'no_ringproof', message: expect.stringContaining(url) });
  });

  it('says of a server that cannot be reached why', async () => {
    const url = await serverOf((request) => request.socket.destroy());
    await expect(run(url).code).rejects.toThrow(`The server at ${url} cannot be reached: UND_ERR_SOCKET`);
  });

  it('ends soon when it is stopped while the server does not answer', async () => {
    let asked = 0;
    const url = await serverOf(() => void (asked += 1));
    const { code, written, stop } = run(url);
    await expect.poll(() => asked).toBe(1);
    stop();
    expect(await code).toBe(1);
    expect(written.stderr).toContain('it may have placed the call all the same');
  });

  it('sends no key that cannot stand in a header', async () => {
    const terminal = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
    const env = { RINGPROOF_API_KEY: 'schlüssel\n' };
    const code = verify(['+12025550123'], { ...terminal, env, stop: new AbortController().signal });
    await expect(code).rejects.toThrow('RINGPROOF_API_KEY: expected the key as it was given out');
    await expect(code).rejects.not.toThrow('schl');
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
