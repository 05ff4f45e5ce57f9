import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ApiClient } from '../../../server/commands/api-client.ts';
import { RingproofProcess } from '../../support/ringproof-process.ts';

const MAIN = fileURLToPath(new URL('../../../dist/server/main.js', import.meta.url));
const LIMIT = 60_000;

let ringproof: RingproofProcess;
let api: ApiClient;
beforeAll(async () => {
  ringproof = await RingproofProcess.start({ env: { RINGPROOF_STORE: 'memory:', RINGPROOF_GATE: 'off' } });
  api = new ApiClient(ringproof.url);
});
afterAll(async () => ringproof.stop());

interface RunningPhone {
  readonly child: ChildProcessWithoutNullStreams;
  output(): string;
  says(text: string | RegExp): Promise<void>;
  readonly code: Promise<number | null>;
}

function run(...args: readonly string[]): RunningPhone {
  const child = spawn(process.execPath, [MAIN, 'phone', ...args], {
    env: { PATH: process.env['PATH'] ?? '', PORT: new URL(ringproof.url).port },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
  const code = once(child, 'close').then(() => child.exitCode);
  const says = async (wanted: string | RegExp) => {
    await vi.waitUntil(() => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)), {
      timeout: LIMIT,
      interval: 20,
    });
  };
  return { child, output: () => text, says, code };
}

describe.concurrent('ringproof phone', { timeout: LIMIT }, () => {
  it('prints the code that it heard, and ends with 0 after one call', async () => {
    const phone = run('+12025550171', '--once');
    await phone.says('registered');
    const created = await api.create({ to: '+12025550171', method: 'spoken' });
    await phone.says(/the code is \d{6}/);
    const [code = ''] = /\d{6}$/m.exec(phone.output()) ?? [];
    expect(await api.check(created, code)).toMatchObject({ status: 'verified' });
    expect(await phone.code).toBe(0);
    expect(phone.output()).toContain(`heard: «Your code is» ${Array.from(code).join(' ')}`);
    expect(phone.output()).toContain('heard: «Thank you. Your number is verified.»');
  });

  it('keys the code that is typed into it', async () => {
    const phone = run('+12025550172', '--once', '--key-from-page', '--dtmf', 'rfc4733');
    await phone.says('registered');
    const { code = '' } = await api.create({ to: '+12025550172', method: 'keypad' });
    phone.child.stdin.write(`${code.slice(0, 3)} ${code.slice(3)}\n`);
    expect(await phone.code).toBe(0);
    expect(phone.output()).toContain(`keyed by RFC 4733: ${Array.from(code).join(' ')}`);
    expect(phone.output()).toContain('heard: «Thank you. Your number is verified.»');
  });

  it('calls the number that the page shows, keys its code, and ends with 0', async () => {
    const created = await api.create({ to: '+12025550177', method: 'dial-in' });
    const { dialIn, code = '' } = created;
    const phone = run('+12025550177', '--once', '--dial', dialIn?.number ?? '', '--keys', code);
    expect(await phone.code).toBe(0);
    expect(phone.output()).toContain(`calls ${dialIn?.number}`);
    expect(phone.output()).toContain('heard: «Thank you. Your number is verified.»');
  });

  it('does what the test call of a trunk asks for, in all three ways', async () => {
    const phone = run('+12025550178', '--once', '--answer-after', '0');
    await phone.says('registered');
    const env = { PORT: new URL(ringproof.url).port, RINGPROOF_STORE: 'memory:' };
    const check = await RingproofProcess.launch({ env, args: ['check-trunk', 'local', '+12025550178'] });
    expect(await check.exited).toEqual({ code: 0, signal: null });
    expect(check.output).toContain('Audio flowed both ways');
    expect(check.output.match(/all three/g)).toHaveLength(3);
    expect(await phone.code).toBe(0);
    await check.stop();
  });

  it('tells each event as JSON when asked to', async () => {
    const phone = run('+12025550173', '--once', '--json', '--busy', '--answer-after', '0');
    await phone.says('registered');
    await api.create({ to: '+12025550173', method: 'keypad' });
    expect(await phone.code).toBe(0);
    const types = phone
      .output()
      .trim()
      .split('\n')
      .map((line) => z.looseObject({ type: z.string() }).parse(JSON.parse(line)).type);
    expect(types).toEqual(['registered', 'ringing', 'ended']);
  });

  it('unregisters and ends soon on Ctrl-C', async () => {
    const phone = run('+12025550174');
    await phone.says('registered');
    const asked = Date.now();
    phone.child.kill('SIGINT');
    expect(await phone.code).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5_000);
  });

  it('ends when nobody reads any more what it says', async () => {
    const phone = run('+12025550179');
    await phone.says('registered');
    phone.child.stdout.destroy();
    await api.create({ to: '+12025550179', method: 'spoken' });
    expect(await phone.code).toBe(0);
  });

  it('says that nobody answers at the proxy’s address', async () => {
    const phone = run('+12025550175', '--url', 'ws://127.0.0.1:9/sip');
    expect(await phone.code).toBe(1);
    expect(phone.output()).toContain('ws://127.0.0.1:9/sip does not answer');
  });

  it('says which languages there are', async () => {
    const phone = run('+12025550178', '--locale', 'en,xx');
    expect(await phone.code).toBe(2);
    expect(phone.output()).toContain('--locale: expected some of de,en,es,fr,pt,zh; got "xx"');
  });

  it('says what is wrong with its arguments', async () => {
    const phone = run('+12025550176', '--dtmf', 'inband');
    expect(await phone.code).toBe(2);
    expect(phone.output()).toContain('--dtmf: expected info, rfc4733 or in-band');
  });
});
