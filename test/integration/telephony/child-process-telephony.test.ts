import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  ChildProcessTelephony,
  GatewayConfigError,
  type ChildProcessTelephonyOptions,
} from '../../../server/telephony/child-process-telephony.ts';
import type { GatewayConfig } from '../../../server/telephony/messages.ts';
import type { CallEnd, CallEvents, CallProgress, CallRequest } from '../../../server/verification/ports.ts';
import { aCallRequest } from '../../fakes/a-call-request.ts';
import { FakeGateway } from '../../fakes/fake-gateway.ts';
import { isRunning } from '../../support/is-running.ts';
import { until } from '../../support/until.ts';

const CONFIG: GatewayConfig = {
  trunks: [
    {
      name: 'local',
      url: 'ws://127.0.0.1:1/sip',
      uri: 'sip:ringproof@ringproof.local',
      register: true,
      dtlsSetup: 'active',
      codecs: ['PCMU'],
      dtmf: 'auto',
    },
  ],
  defaultLocale: 'en',
  limits: { ring: 40_000, call: 120_000, media: 8_000, firstKey: 10_000, nextKey: 5_000 },
};
const SPEAKING: GatewayConfig = { ...CONFIG, speechCommand: 'say {text}' };
const READY = { type: 'status', status: { ready: true } } as const;

async function start(options: Partial<ChildProcessTelephonyOptions> = {}, env: Record<string, string> = {}) {
  const gateway = await FakeGateway.listen();
  const log = vi.fn<ChildProcessTelephonyOptions['log']>();
  const telephony = new ChildProcessTelephony({
    script: FakeGateway.script,
    env: { ...gateway.env, ...env },
    config: CONFIG,
    log,
    onError: () => {},
    now: Date.now,
    restart: { first: 20, most: 200, healthyAfter: 60_000 },
    ...options,
  });
  onTestFinished(async () => {
    await telephony.close();
    gateway.close();
  });
  const started = telephony.start();
  await gateway.next('configure');
  return { gateway, telephony, started, log };
}

async function startReady(options?: Partial<ChildProcessTelephonyOptions>, env?: Record<string, string>) {
  const all = await start(options, env);
  all.gateway.say(READY);
  await all.started;
  return all;
}

/** Remembers what it is told; `ended` resolves with the first end. */
function recorder(onCode: CallEvents['onCode'] = async () => 'wrong-code') {
  const progress: CallProgress[] = [];
  const ends: CallEnd[] = [];
  let tellEnd: ((end: CallEnd) => void) | undefined;
  const ended = new Promise<CallEnd>((resolve) => {
    tellEnd = resolve;
  });
  let tellProgress: (() => void) | undefined;
  const events: CallEvents = {
    onProgress: (step) => {
      progress.push(step);
      tellProgress?.();
    },
    onCode,
    onReport: async () => true,
    onEnded: (end) => {
      ends.push(end);
      tellEnd?.(end);
    },
  };
  const reached = async (state: CallProgress['state']) => {
    while (!progress.some((step) => step.state === state)) {
      await new Promise<void>((resolve) => {
        tellProgress = resolve;
      });
    }
  };
  return { events, progress, ends, ended, reached };
}

describe('the telephony of a child process', () => {
  it('configures the child before anything else', async () => {
    const { gateway } = await startReady();
    expect(gateway.heard.map(({ type }) => type)).toEqual(['hello', 'configure']);
    expect(await gateway.next('configure')).toEqual({ type: 'configure', config: CONFIG });
  });

  it('takes over the status that the child reports', async () => {
    const { gateway, telephony, started } = await start();
    const status = { ready: false, reason: 'trunk-unreachable', detail: 'connection refused' } as const;
    gateway.say({ type: 'status', status });
    await started;
    expect(telephony.status()).toEqual({ ...status, trunks: [{ name: 'local', ...status }] });
  });

  it('tells of each trunk what the child tells of it, and logs what changed', async () => {
    const { gateway, telephony, started, log } = await start();
    const trunks = [{ name: 'local', ready: true, full: true }] as const;
    gateway.say({ type: 'status', status: { ready: true, trunks } });
    await started;
    expect(telephony.status().trunks).toEqual(trunks);
    expect(log).toHaveBeenCalledWith('info', 'trunk.status', { trunk: 'local', ready: true });
  });

  it('knows of a call that cannot be placed: no trunk for it, or all of them full', async () => {
    const { gateway, telephony, started } = await start();
    gateway.say({ type: 'status', status: { ready: true, trunks: [{ name: 'local', ready: true, full: true }] } });
    await started;
    expect(telephony.status({ to: '+12025550123' })).toMatchObject({ ready: false, reason: 'trunks-full' });
    expect(telephony.status({ to: '+12025550123', trunk: 'rome' })).toMatchObject({ reason: 'no-trunk' });
  });

  it('does not call itself started while the child only says that it is starting', async () => {
    const { gateway, telephony, started } = await start();
    gateway.say({ type: 'status', status: { ready: false, reason: 'starting', detail: 'loading' } });
    gateway.say(READY);
    await started;
    expect(telephony.status()).toMatchObject({ ready: true });
  });

  it('refuses to start with the words of a child that cannot work with its configuration', async () => {
    const { gateway, telephony, started } = await start();
    gateway.say({ type: 'fatal', message: 'The prompt en/goodbye is missing' });
    gateway.say({ do: 'exit', code: 78 });
    await expect(started).rejects.toThrow(new GatewayConfigError('The prompt en/goodbye is missing'));
    expect(telephony.status()).toMatchObject({ ready: false, reason: 'closed' });
  });

  it('takes over the languages that the child has prompts for', async () => {
    const { gateway, telephony, started } = await start();
    const voices = [{ locale: 'it', words: ['mela'] }];
    gateway.say({ type: 'voices', voices });
    gateway.say(READY);
    await started;
    expect(telephony.voices).toEqual(voices);
  });

  it('is not started before the speech command has spoken a trial', async () => {
    const { gateway, telephony, started } = await start({ config: SPEAKING });
    let isStarted = false;
    const marked = started.then(() => (isStarted = true));
    gateway.say(READY);
    await vi.waitUntil(() => telephony.status().ready);
    const wasStarted = isStarted;
    gateway.say({ type: 'speech' });
    await marked;
    expect(wasStarted).toBe(false);
  });

  it('refuses to start with a speech command that does not speak, and names the setting', async () => {
    const { gateway, started } = await start({ config: SPEAKING });
    gateway.say(READY);
    gateway.say({ type: 'speech', fault: 'The speech command ended with the status 3' });
    const words = 'RINGPROOF_SPEECH_COMMAND: The speech command ended with the status 3';
    await expect(started).rejects.toThrow(new GatewayConfigError(words));
  });

  it('goes on when the speech command fails after a restart, and logs it', async () => {
    const { gateway, telephony, started, log } = await start({ config: SPEAKING });
    gateway.say(READY);
    gateway.say({ type: 'speech' });
    await started;
    gateway.say({ do: 'exit', code: 1 });
    await gateway.next('configure', 2);
    gateway.say({ type: 'speech', fault: 'The speech command took too long' });
    gateway.say(READY);
    await vi.waitUntil(() => telephony.status().ready);
    const detail = 'RINGPROOF_SPEECH_COMMAND: The speech command took too long';
    expect(log).toHaveBeenCalledWith('error', 'speech.failed', { detail });
  });

  it('ends the speech commands that a killed child leaves behind, with all that they have started', async () => {
    const { gateway } = await startReady();
    const command = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { detached: true });
    const [text] = await once(command.stdout, 'data');
    const { pid = 0 } = command;
    gateway.say({ type: 'speaking', groups: [pid] });
    gateway.say({ do: 'exit', code: 1 });
    const processes = [pid, Number(String(text))];
    await until(() => !processes.some(isRunning));
    expect(processes.filter(isRunning)).toEqual([]);
  });

  it('hands on progress and the end of a call', async () => {
    const { gateway, telephony } = await startReady();
    const call = recorder();
    telephony.place(aCallRequest(), call.events);
    await gateway.next('place');
    gateway.say({ type: 'progress', callId: 'call_1', progress: { state: 'ringing' } });
    gateway.say({ type: 'ended', callId: 'call_1', end: { outcome: 'busy', codeDelivered: false, sipStatus: 486 } });
    expect(await call.ended).toEqual({ outcome: 'busy', codeDelivered: false, sipStatus: 486 });
    expect(call.progress).toEqual([{ state: 'ringing' }]);
  });

  it('answers a keyed code with the verdict and the same number', async () => {
    const { gateway, telephony } = await startReady();
    telephony.place(aCallRequest(), recorder(async (code) => (code === '482913' ? 'verified' : 'wrong-code')).events);
    await gateway.next('place');
    gateway.say({ type: 'code', callId: 'call_1', seq: 7, code: '482913' });
    expect(await gateway.next('code-verdict')).toEqual({
      type: 'code-verdict',
      callId: 'call_1',
      seq: 7,
      verdict: 'verified',
    });
  });

  it('answers a keyed code with "failed" when nobody could compare it', async () => {
    const { gateway, telephony } = await startReady();
    telephony.place(aCallRequest(), recorder(async () => Promise.reject(new Error('the store is gone'))).events);
    await gateway.next('place');
    gateway.say({ type: 'code', callId: 'call_1', seq: 1, code: '482913' });
    expect(await gateway.next('code-verdict')).toMatchObject({ verdict: 'failed' });
  });

  it('passes on what the phone is to be told, and that it is to be hung up', async () => {
    const { gateway, telephony } = await startReady();
    const placed = telephony.place(aCallRequest(), recorder().events);
    placed.tell('verified');
    placed.hangUp();
    expect(await gateway.next('tell')).toEqual({ type: 'tell', callId: 'call_1', verdict: 'verified' });
    expect(await gateway.next('hang-up')).toEqual({ type: 'hang-up', callId: 'call_1' });
  });

  it('says nothing more about a call that has ended', async () => {
    const { gateway, telephony } = await startReady();
    const call = recorder();
    const placed = telephony.place(aCallRequest(), call.events);
    await gateway.next('place');
    gateway.say({ type: 'ended', callId: 'call_1', end: { outcome: 'completed', codeDelivered: true } });
    await call.ended;
    placed.hangUp();
    telephony.place(aCallRequest({ id: 'call_2' }), recorder().events);
    await gateway.next('place', 2);
    expect(gateway.heard.map(({ type }) => type)).not.toContain('hang-up');
  });

  it('survives a listener that throws', async () => {
    const onError = vi.fn<ChildProcessTelephonyOptions['onError']>();
    const { gateway, telephony } = await startReady({ onError });
    const call = recorder();
    telephony.place(aCallRequest(), {
      ...call.events,
      onProgress: () => {
        throw new Error('a bug');
      },
    });
    await gateway.next('place');
    gateway.say({ type: 'progress', callId: 'call_1', progress: { state: 'ringing' } });
    gateway.say({ type: 'ended', callId: 'call_1', end: { outcome: 'rejected', codeDelivered: false } });
    expect(await call.ended).toMatchObject({ outcome: 'rejected' });
    expect(onError).toHaveBeenCalledOnce();
  });
});

async function killAfter(state: CallProgress['state'], request: Partial<CallRequest> = {}) {
  const { gateway, telephony } = await startReady();
  const call = recorder();
  telephony.place(aCallRequest(request), call.events);
  await gateway.next('place');
  gateway.say({ type: 'progress', callId: 'call_1', progress: { state } });
  await call.reached(state);
  process.kill((await gateway.next('hello')).pid, 'SIGKILL');
  return { gateway, telephony, call, end: await call.ended };
}

describe('when the child dies', () => {
  it('ends a call that was not answered as trunk-unavailable', async () => {
    expect((await killAfter('ringing')).end).toEqual({ outcome: 'trunk-unavailable', codeDelivered: false });
  });

  it('ends an answered call as media-failed', async () => {
    expect((await killAfter('gate')).end).toEqual({ outcome: 'media-failed', codeDelivered: false });
  });

  it('leaves a code that may have been heard good', async () => {
    const { end } = await killAfter('speaking', { method: 'spoken', code: '482913' });
    expect(end).toEqual({ outcome: 'media-failed', codeDelivered: true });
  });

  it('says so in its status until the next child is ready', async () => {
    const { gateway, telephony } = await killAfter('ringing');
    expect(telephony.status()).toMatchObject({ ready: false, reason: 'gateway-down' });
    await gateway.next('configure', 2);
    gateway.say(READY);
    await vi.waitFor(() => expect(telephony.status()).toMatchObject({ ready: true }));
  });

  it('ends the call once, and the next child ends nothing of the first', async () => {
    const { gateway, telephony, call } = await killAfter('ringing');
    await gateway.next('configure', 2);
    gateway.say({ type: 'ended', callId: 'call_1', end: { outcome: 'completed', codeDelivered: true } });
    gateway.say(READY);
    await vi.waitFor(() => expect(telephony.status().ready).toBe(true));
    expect(call.ends).toHaveLength(1);
  });

  it('ends calls that are placed while there is no child', async () => {
    const { telephony } = await killAfter('ringing');
    const call = recorder();
    telephony.place(aCallRequest({ id: 'call_2' }), call.events);
    expect(await call.ended).toEqual({ outcome: 'trunk-unavailable', codeDelivered: false });
  });

  it('takes the last words of a child that leaves by itself', async () => {
    const { gateway, telephony } = await startReady();
    const call = recorder();
    telephony.place(aCallRequest(), call.events);
    await gateway.next('place');
    gateway.say({ type: 'ended', callId: 'call_1', end: { outcome: 'no-answer', codeDelivered: false } });
    gateway.say({ do: 'exit', code: 0 });
    expect(await call.ended).toMatchObject({ outcome: 'no-answer' });
  });

  it('treats a child that closed its channel as dead, and kills it', async () => {
    const { gateway, telephony } = await startReady();
    const { pid } = await gateway.next('hello');
    const call = recorder();
    telephony.place(aCallRequest(), call.events);
    await gateway.next('place');
    gateway.say({ do: 'disconnect' });
    expect(await call.ended).toMatchObject({ outcome: 'trunk-unavailable' });
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
  });

  it('waits twice as long before each further start', async () => {
    const { gateway, log } = await startReady();
    for (const life of [1, 2, 3]) {
      await gateway.next('configure', life);
      gateway.say({ do: 'exit', code: 1 });
    }
    await gateway.next('configure', 4);
    const waits = log.mock.calls
      .filter(([, event]) => event === 'gateway.gone')
      .map(([, , fields]) => fields?.['restartInMs']);
    expect(waits).toEqual([20, 40, 80]);
  });
});

describe('limits and the end', () => {
  it('gives up a call whose end never comes, and hangs it up', async () => {
    const limits = { ...CONFIG.limits, ring: 20, call: 20 };
    const { gateway, telephony } = await startReady({ config: { ...CONFIG, limits }, callSlack: 20 });
    const call = recorder();
    telephony.place(aCallRequest(), call.events);
    expect(await call.ended).toEqual({ outcome: 'trunk-unavailable', codeDelivered: false });
    expect(await gateway.next('hang-up')).toEqual({ type: 'hang-up', callId: 'call_1' });
  });

  it('ends every call and the child when it is closed, also twice', async () => {
    const { gateway, telephony } = await startReady();
    const call = recorder();
    telephony.place(aCallRequest(), call.events);
    await gateway.next('place');
    const { pid } = await gateway.next('hello');
    await Promise.all([telephony.close(), telephony.close()]);
    expect(await call.ended).toMatchObject({ outcome: 'canceled' });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('kills a child that does not leave', async () => {
    const { gateway, telephony } = await startReady({}, { FAKE_GATEWAY_STUBBORN: 'yes' });
    const { pid } = await gateway.next('hello');
    await telephony.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('logs what the child prints', async () => {
    const { gateway, log } = await startReady();
    gateway.say({ do: 'print', text: 'native code complains' });
    await vi.waitFor(() =>
      expect(log).toHaveBeenCalledWith('warn', 'gateway.output', { line: 'native code complains' }),
    );
  });
});
