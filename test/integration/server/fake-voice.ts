import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { serve, type RunningServer } from '../../../server/commands/serve.ts';
import { readSettings } from '../../../server/config.ts';
import type {
  CreatedVerificationView,
  MethodName,
  ProblemDocument,
  VerificationView,
} from '../../../server/http/contract.ts';
import { createLog } from '../../../server/log.ts';
import { FakeGateway } from '../../fakes/fake-gateway.ts';

export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringproof-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface ServeWithFakeOptions {
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The whole server as `ringproof start` wires it, with a voice server that does what the test says. */
export async function serveWithFakeVoice({ folder, env = {} }: ServeWithFakeOptions = {}) {
  const gateway = await FakeGateway.listen();
  const log: string[] = [];
  const store = folder === undefined ? 'memory:' : `lowdb:${join(folder, 'ringproof.json')}`;
  const serving = serve({
    settings: readSettings({ PORT: '0', RINGPROOF_STORE: store, ...env }),
    installation: { pages: '/nonexistent', gateway: FakeGateway.script },
    gatewayEnv: gateway.env,
    log: createLog({ level: 'debug', write: (line) => log.push(line) }),
    now: Date.now,
  });
  onTestFinished(async () => {
    await serving.then(async (server) => server.close()).catch(() => {});
    gateway.close();
  });
  await Promise.race([gateway.next('configure'), serving]);
  gateway.say({ type: 'status', status: { ready: true } });
  const server = await serving;
  return { server, gateway, log, api: apiOf(server) };
}

function apiOf({ url }: RunningServer) {
  async function ask<Body = VerificationView>(
    path: string,
    { method = 'GET', token = '', body }: Asked = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: Body = JSON.parse(await response.text());
    return { status: response.status, headers: response.headers, body: answer };
  }
  return {
    ask,
    create: async (method: MethodName, to = '+12025550123') =>
      (await ask<CreatedVerificationView>('/v1/verifications', { method: 'POST', body: { to, method } })).body,
    refused: async (to = '+12025550123') =>
      ask<ProblemDocument>('/v1/verifications', { method: 'POST', body: { to, method: 'keypad' } }),
    view: async ({ id, token }: CreatedVerificationView) => (await ask(`/v1/verifications/${id}`, { token })).body,
    /** An open event stream; `text` has all of it once it has ended. */
    events: async ({ id, token }: CreatedVerificationView) => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${url}/v1/verifications/${id}/events`, { headers });
      return { text: async () => response.text() };
    },
  };
}

interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
}
