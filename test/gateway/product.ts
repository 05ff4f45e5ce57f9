import { readdir, readFile } from 'node:fs/promises';
import type {
  CheckView,
  CreatedVerificationView,
  MethodName,
  ProblemDocument,
  VerificationView,
} from '../../server/http/contract.ts';
import { RingproofProcess } from '../support/ringproof-process.ts';
import type { TestBed } from './bed/test-bed.ts';

const API_KEY = 'gateway-tests-0123456789abcdef';

/** Ringproof as an operator starts it, pointed at the trunk of a bed and asked over HTTP. */
export class Product {
  readonly #process: RingproofProcess;

  private constructor(ringproof: RingproofProcess) {
    this.#process = ringproof;
  }

  /** `until`: the port answers (`listening`), or the trunk has taken us (`ready`). `env` has the last word. */
  static async start(
    bed: TestBed,
    { env, until }: { readonly env: Readonly<Record<string, string>>; readonly until: 'listening' | 'ready' },
  ): Promise<Product> {
    const ringproof = await RingproofProcess.start({
      until,
      env: {
        RINGPROOF_STORE: 'memory:',
        RINGPROOF_API_KEYS: `tests:${API_KEY}`,
        RINGPROOF_LOG_LEVEL: 'debug',
        RINGPROOF_SIP_URL: bed.kamailio.url,
        RINGPROOF_SIP_URI: `sip:${bed.account.user}@trunk.example`,
        RINGPROOF_SIP_PASSWORD: bed.account.password,
        RINGPROOF_CALLER_ID: '+12025550100',
        RINGPROOF_COUNTRIES: 'US',
        // These tests ring a few numbers again and again.
        RINGPROOF_LIMITS: 'off',
        ...env,
      },
    });
    return new Product(ringproof);
  }

  async readiness(): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`${this.#process.url}/readyz`);
    return { status: response.status, text: await response.text() };
  }

  async create(
    to: string,
    method: MethodName,
    { locale = 'en', ...more }: { readonly locale?: string; readonly extension?: string } = {},
  ): Promise<CreatedVerificationView> {
    return this.#ask<CreatedVerificationView>('POST', '/v1/verifications', { to, method, locale, ...more });
  }

  /** A creation that is refused. */
  async refused(to: string, method: MethodName): Promise<ProblemDocument> {
    const response = await this.#send('POST', '/v1/verifications', { to, method });
    if (response.ok) throw new Error(`created, with ${response.status}`);
    const problem: ProblemDocument = JSON.parse(await response.text());
    return problem;
  }

  async check(id: string, code: string): Promise<CheckView> {
    return this.#ask<CheckView>('POST', `/v1/verifications/${id}/check`, { code });
  }

  async cancel(id: string): Promise<VerificationView> {
    return this.#ask<VerificationView>('DELETE', `/v1/verifications/${id}`);
  }

  async view(id: string): Promise<VerificationView> {
    return this.#ask<VerificationView>('GET', `/v1/verifications/${id}`);
  }

  /** Each view that the event stream sends, until the stream or the reader ends. */
  async *events(id: string): AsyncGenerator<VerificationView> {
    const response = await this.#send('GET', `/v1/verifications/${id}/events`);
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = event.split('\n').flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []));
        if (data.length === 0) continue;
        const view: VerificationView = JSON.parse(data.join('\n'));
        yield view;
      }
    }
  }

  /** The first view that the event stream shows to be as asked. */
  async until(id: string, isIt: (view: VerificationView) => boolean): Promise<VerificationView> {
    let last: VerificationView | undefined;
    for await (const view of this.events(id)) {
      last = view;
      if (isIt(view)) return view;
    }
    throw new Error(`the event stream ended with ${JSON.stringify({ status: last?.status, call: last?.call })}`);
  }

  /** Everything the page was shown, to the end of the call. */
  async toTheEnd(id: string): Promise<readonly VerificationView[]> {
    const views: VerificationView[] = [];
    for await (const view of this.events(id)) {
      views.push(view);
      if (view.status !== 'pending' && view.call.state === 'ended') break;
    }
    return views;
  }

  /** Kills the voice server's process; the web server stays. */
  async killVoiceServer(): Promise<void> {
    const children = await childrenOf(this.#process.pid);
    if (children.length !== 1) throw new Error(`the server has ${children.length} children, not one`);
    for (const pid of children) process.kill(pid, 'SIGKILL');
  }

  get logs(): string {
    return this.#process.output;
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  async #ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    const answer: Answer = JSON.parse(text);
    return answer;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.#process.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = threads.map(async (thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8'));
  return (await Promise.all(lists)).flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}
