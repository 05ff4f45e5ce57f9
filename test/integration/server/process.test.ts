import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findInstallation } from '../../../server/commands/installation.ts';
import type { CreatedVerificationView } from '../../../server/http/contract.ts';
import { TINY_LOCALE, TINY_WORDS, writeTinyPrompts } from '../../fakes/tiny-prompts.ts';
import { RingproofProcess, type RingproofOptions } from '../../support/ringproof-process.ts';
import { aFolder } from './fake-voice.ts';

/** A gateway that is not there. */
const NOWHERE = {
  RINGPROOF_SIP_URL: 'ws://127.0.0.1:1/ws',
  RINGPROOF_SIP_URI: 'sip:ringproof@pbx.example',
  RINGPROOF_COUNTRIES: 'US',
};

async function launch(options: RingproofOptions): Promise<RingproofProcess> {
  const ringproof = await RingproofProcess.launch(options);
  onTestFinished(async () => void (await ringproof.kill9()));
  return ringproof;
}

async function listening(options: RingproofOptions = {}): Promise<RingproofProcess> {
  const ringproof = await RingproofProcess.start({ until: 'listening', ...options });
  onTestFinished(async () => void (await ringproof.kill9()));
  return ringproof;
}

async function create(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}/v1/verifications`, { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('ringproof start', () => {
  it('says in one message what is wrong with the settings, and exits with 78', async () => {
    const ringproof = await launch({ env: { PORT: 'x', RINGPROOF_GATE: 'y', RINGPROOF_SECRET: 'short' } });
    expect(await ringproof.exited).toMatchObject({ code: 78 });
    for (const name of ['PORT', 'RINGPROOF_GATE', 'RINGPROOF_SECRET']) {
      expect(ringproof.output).toContain(`${name}: expected`);
    }
    expect(ringproof.output).toContain('invalid_configuration');
    expect(ringproof.output).not.toContain('short');
  });

  it('names PORT when the port is taken, and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const ringproof = await launch({ env: { PORT: String(port) } });
    expect(await ringproof.exited).toMatchObject({ code: 1 });
    expect(ringproof.output).toMatch(new RegExp(`Port ${port} .* taken .*PORT.*EADDRINUSE`));
  });

  it('names a damaged store, leaves it as it was, and exits with 1', async () => {
    const folder = await aFolder();
    const file = join(folder, 'ringproof.json');
    await writeFile(file, '{"half a docu');
    const ringproof = await launch({ folder, env: { RINGPROOF_SECRET: 's'.repeat(32) } });
    expect(await ringproof.exited).toMatchObject({ code: 1 });
    expect(ringproof.output).toContain(file);
    expect(ringproof.output).toContain('store_damaged');
    expect(await readFile(file, 'utf8')).toBe('{"half a docu');
  });

  it('refuses a second process on the same store', async () => {
    const folder = await aFolder();
    await listening({ folder });
    const second = await launch({ folder });
    expect(await second.exited).toMatchObject({ code: 1 });
    expect(second.output).toContain('store_in_use');
  });

  it('starts although the gateway cannot be reached; /readyz says why and a creation answers 503', async () => {
    const { url } = await listening({ env: NOWHERE });
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ telephony: { ready: false, reason: 'trunk-unreachable' } });
    const created = await fetch(`${url}/v1/verifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: '+12025550123', method: 'keypad' }),
    });
    expect(created.status).toBe(503);
    expect(created.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await created.json()).toMatchObject({ code: 'telephony_unavailable' });
  });

  it('starts although the gateway refuses its account, and /readyz says so', async () => {
    const gateway = await launch({ args: ['proxy'], env: { RINGPROOF_PROXY_PASSWORD: 'the right word' } });
    await expect.poll(() => gateway.events('proxy.listening').length, { timeout: 10_000 }).toBe(1);
    const ringproof = await listening({
      env: {
        RINGPROOF_SIP_URL: String(gateway.events('proxy.listening')[0]?.['url']),
        RINGPROOF_SIP_URI: 'sip:ringproof@ringproof.local',
        RINGPROOF_SIP_PASSWORD: 'the wrong word',
        RINGPROOF_COUNTRIES: 'US',
      },
    });
    const ready = await fetch(`${ringproof.url}/readyz`);
    expect(await ready.json()).toMatchObject({ telephony: { ready: false, reason: 'trunk-refused' } });
    expect(ringproof.output).not.toContain('the wrong word');
  });

  it('does not start without a prompt it would need, and says which', async () => {
    const folder = await aFolder();
    const ringproof = await launch({ env: { RINGPROOF_PROMPTS_DIR: join(folder, 'nothing-here') } });
    expect(await ringproof.exited).toMatchObject({ code: 78 });
    expect(ringproof.output).toContain('nothing-here');
  });

  it('does not start with a speech command that does not speak, and says what that printed', async () => {
    const ringproof = await launch({ env: { RINGPROOF_SPEECH_COMMAND: 'sh -c "echo no such voice >&2; exit 4"' } });
    expect(await ringproof.exited).toMatchObject({ code: 78 });
    expect(ringproof.output).toMatch(/RINGPROOF_SPEECH_COMMAND: .* the status 4, and printed: no such voice/);
  });

  it('does not start with a language that it has no prompts for, and says which it has', async () => {
    const ringproof = await launch({ env: { RINGPROOF_LOCALE: 'tlh' } });
    expect(await ringproof.exited).toMatchObject({ code: 78 });
    expect(ringproof.output).toMatch(/"tlh".*de, en, es, fr, pt, zh/);
  });

  it('holds calls in the operator’s own language too', async () => {
    const folder = await aFolder();
    await writeTinyPrompts(folder);
    const env = { RINGPROOF_PROMPTS_DIR: folder, RINGPROOF_LOCALE: TINY_LOCALE };
    const { url } = await listening({ env });
    const settings = await fetch(`${url}/v1/settings`);
    expect(await settings.json()).toMatchObject({ locales: expect.arrayContaining(['en', TINY_LOCALE]) });
    const created = await create(url, { to: '+12025550123', method: 'keypad', locale: TINY_LOCALE, sayWord: true });
    expect(await created.json()).toMatchObject({ locale: TINY_LOCALE, word: expect.toBeOneOf([...TINY_WORDS]) });
    const fallback = await create(url, { to: '+81312345678', method: 'keypad' });
    expect(await fallback.json()).toMatchObject({ locale: TINY_LOCALE });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves within seconds on %s, with exit code 0', async (signal) => {
    const ringproof = await listening();
    const asked = performance.now();
    ringproof.signal(signal);
    expect(await ringproof.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  it('does not start where no folder can be made for its store, and says which', async () => {
    const ringproof = await launch({ env: { RINGPROOF_STORE: 'lowdb:/proc/ringproof/x.json' } });
    expect(await ringproof.exited).toMatchObject({ code: 1 });
    expect(ringproof.output).toMatch(
      /RINGPROOF_STORE \(lowdb:\/proc.*\) cannot be opened: .*mkdir '\/proc\/ringproof'/,
    );
  });

  it('leaves within seconds on SIGTERM also while it waits for its store', async () => {
    const folder = await aFolder();
    // Of another machine, which may still live.
    await writeFile(join(folder, 'ringproof.json.lock.1-1-0'), '');
    const ringproof = await launch({ folder });
    await expect.poll(async () => (await readdir(folder)).length, { timeout: 10_000 }).toBe(3);
    const asked = performance.now();
    ringproof.signal('SIGTERM');
    expect(await ringproof.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(await readdir(folder)).toEqual(['ringproof.json.lock.1-1-0', 'ringproof.json.secret']);
  });

  it('opens a verification with its token after it was killed and started again', async () => {
    const folder = await aFolder();
    const first = await RingproofProcess.start({ folder });
    const created = await fetch(`${first.url}/v1/verifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: '+12025550123', method: 'spoken' }),
    });
    const { id, token }: CreatedVerificationView = JSON.parse(await created.text());
    await first.kill9();
    const second = await listening({ folder });
    const headers = { authorization: `Bearer ${token}` };
    const view = await fetch(`${second.url}/v1/verifications/${id}`, { headers });
    // The call went with the process, before its code was spoken.
    expect(await view.json()).toMatchObject({ id, status: 'failed', call: { state: 'ended' } });
  });

  it('takes its voice server along', async () => {
    const ringproof = await listening();
    const children = await childrenOf(ringproof.pid);
    expect(children).toHaveLength(1);
    await ringproof.stop();
    for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('warns of a setting that does not exist', async () => {
    const ringproof = await listening({ env: { RINGPROOF_COUNTRYS: 'US' } });
    expect(ringproof.events('settings.unknown')).toMatchObject([{ name: 'RINGPROOF_COUNTRYS' }]);
  });
});

async function run(...args: string[]) {
  const ringproof = await launch({ args });
  const { code } = await ringproof.exited;
  return { code, output: ringproof.output };
}

describe('the command line', () => {
  it('tells its version', async () => {
    const { version } = findInstallation();
    expect(await run('--version')).toEqual({ code: 0, output: version });
  });

  it('lists its commands', async () => {
    const { code, output } = await run('help');
    expect(code).toBe(0);
    for (const command of ['start', 'proxy', 'phone', 'verify', 'demo']) expect(output).toContain(`  ${command}`);
  });

  it('refuses what it does not understand, and exits with 2', async () => {
    const { code, output } = await run('verify', '+12025550123', '--method', 'pigeon', '--url', 'http://127.0.0.1:1');
    expect(code).toBe(2);
    expect(output).toContain('--method: expected keypad, spoken or dial-in; got "pigeon"');
  });

  it('ends at once when it is told so twice, even while it waits for a pipe', async () => {
    const folder = await aFolder();
    const pipe = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const env = { RINGPROOF_SECRET: 's'.repeat(32) };
    const ringproof = await launch({ folder, args: ['audit', 'verify', pipe], env });
    // It can be opened to be written to as soon as somebody reads it.
    const writer = await vi.waitFor(async () => open(pipe, constants.O_WRONLY | constants.O_NONBLOCK), 10_000);
    onTestFinished(async () => writer.close());
    for (const signal of ['SIGTERM', 'SIGINT'] as const) ringproof.signal(signal);
    expect(await ringproof.exited).toEqual({ code: null, signal: expect.stringMatching(/^SIG(INT|TERM)$/) });
  });

  it('says when there is no server to verify with', async () => {
    const { code, output } = await run('verify', '+12025550123', '--url', 'http://127.0.0.1:1');
    expect(code).toBe(1);
    expect(output).toContain('connection_failed');
  });
});

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}
