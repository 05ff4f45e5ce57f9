import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FromGateway, GatewayConfig, ToGateway } from '../../../server/telephony/messages.ts';
import { createDatachannelEngine } from '../../../sip-gateway/media/datachannel-engine.ts';
import { TRUNK } from '../../fakes/agent-line.ts';
import { SipSwitch } from '../../fakes/sip-switch.ts';
import { TestPhone } from '../../fakes/test-phone.ts';
import { isRunning } from '../../support/is-running.ts';
import { until } from '../../support/until.ts';

const MAIN = join(import.meta.dirname, '../../../dist/sip-gateway/main.js');

interface VoiceProcess {
  readonly child: ChildProcess;
  readonly said: FromGateway[];
  readonly exited: Promise<number | null>;
  say(message: ToGateway): void;
}

function start(config: GatewayConfig): VoiceProcess {
  const child = fork(MAIN, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: FromGateway[] = [];
  child.on('message', (message: FromGateway) => said.push(message));
  const exited = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  const say = (message: ToGateway): void => void child.send(message);
  say({ type: 'configure', config });
  return { child, said, exited, say };
}

function configFor(switchboard: SipSwitch, more: Partial<GatewayConfig> = {}): GatewayConfig {
  return {
    trunks: [{ url: switchboard.url, ...TRUNK }],
    defaultLocale: 'en',
    limits: { ring: 5_000, call: 20_000, media: 5_000, firstKey: 3_000, nextKey: 3_000 },
    ...more,
  };
}

async function openSwitch(): Promise<SipSwitch> {
  const switchboard = await SipSwitch.start();
  onTestFinished(() => switchboard.close());
  return switchboard;
}

async function phoneOn(switchboard: SipSwitch): Promise<TestPhone> {
  const engine = createDatachannelEngine();
  const phone = await TestPhone.start(switchboard.url, engine);
  onTestFinished(() => {
    phone.close();
    engine.close();
  });
  return phone;
}

function isReady({ said }: VoiceProcess): boolean {
  return said.some((message) => message.type === 'status' && message.status.ready);
}

const CALL = {
  id: 'call-1',
  to: '1001',
  method: 'spoken',
  code: '123456',
  locale: 'en',
  codeLength: 6,
  gateDigits: 0,
} as const;

describe('the voice server’s process', () => {
  it('says that it is starting, then that it is ready', async () => {
    const voice = start(configFor(await openSwitch()));
    await until(() => isReady(voice));
    const first = voice.said.find(({ type }) => type === 'status');
    expect(first).toMatchObject({ status: { ready: false, reason: 'starting' } });
  });

  it('names a prompt that is missing, and exits 78', async () => {
    const promptsDir = await mkdtemp(join(tmpdir(), 'ringproof-process-'));
    onTestFinished(() => rm(promptsDir, { recursive: true }));
    const voice = start(configFor(await openSwitch(), { promptsDir: join(promptsDir, 'nowhere') }));
    expect(await voice.exited).toBe(78);
    const last = voice.said.at(-1);
    expect(last?.type === 'fatal' && last.message).toContain('nowhere');
  });

  it('hangs up and exits 0 when it is told to shut down', async () => {
    const switchboard = await openSwitch();
    const phone = await phoneOn(switchboard);
    const voice = start(configFor(switchboard));
    await until(() => isReady(voice));
    voice.say({ type: 'place', call: CALL });
    await until(() => phone.calls[0]?.media.state === 'connected');
    voice.say({ type: 'shut-down' });
    expect(await voice.exited).toBe(0);
    expect(voice.said.filter(({ type }) => type === 'ended')).toEqual([
      { type: 'ended', callId: 'call-1', end: { outcome: 'canceled', codeDelivered: false, trunk: 'default' } },
    ]);
    expect(phone.calls[0]?.ended).toBe(true);
  });

  it('hangs up and exits when the web server is gone', async () => {
    const switchboard = await openSwitch();
    const phone = await phoneOn(switchboard);
    const voice = start(configFor(switchboard));
    await until(() => isReady(voice));
    voice.say({ type: 'place', call: CALL });
    await until(() => phone.calls[0]?.media.state === 'connected');
    voice.child.disconnect();
    expect(await voice.exited).toBe(0);
    await until(() => phone.calls[0]?.ended);
  });

  it('ends its speech command when the web server is gone', async () => {
    const speechCommand = 'sleep 60';
    const voice = start(configFor(await openSwitch(), { speechCommand }));
    const groups = (): readonly number[] => voice.said.findLast((message) => message.type === 'speaking')?.groups ?? [];
    await until(() => groups().length === 1);
    const [group = 0] = groups();
    voice.child.disconnect();
    expect(await voice.exited).toBe(0);
    await until(() => !isRunning(group));
  });

  it('takes a call that was placed before it was ready to', async () => {
    const voice = start(configFor(await openSwitch()));
    voice.say({ type: 'place', call: CALL });
    await until(() => voice.said.some(({ type }) => type === 'ended'));
    expect(voice.said.find(({ type }) => type === 'ended')).toMatchObject({ end: { outcome: 'trunk-unavailable' } });
  });

  it('ends a call that it cannot make sense of, and goes on', async () => {
    const voice = start(configFor(await openSwitch()));
    const { code: _, ...nonsense } = CALL;
    voice.say({ type: 'place', call: nonsense });
    voice.say({ type: 'place', call: { ...CALL, id: 'call-2' } });
    const ended = (): string[] => voice.said.flatMap((message) => (message.type === 'ended' ? [message.callId] : []));
    await until(() => ended().length === 2);
    expect(ended()).toEqual(['call-1', 'call-2']);
    expect(voice.said.find(({ type }) => type === 'log')).toMatchObject({
      event: 'gateway.fault',
      fields: { kind: 'TypeError' },
    });
  });
});
