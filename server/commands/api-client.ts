import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import type {
  CheckView,
  CreatedVerificationView,
  CreateVerificationBody,
  PageSettings,
  VerificationView,
} from '../http/contract.ts';
import { StartError } from './terminal.ts';

/** A refusal of the API, in its own words. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Milliseconds until the server has to have answered; it may ask a relying party's hook before it calls. */
const ANSWER_WITHIN = 20_000;
const RECONNECT_AFTER = 500;
const MAX_RECONNECTS = 20;

/** The v1 API, as the commands of this program use it: one verification at a time. */
export class ApiClient {
  readonly #url: string;
  readonly #apiKey: string | undefined;

  constructor(url: string, apiKey?: string) {
    this.#url = url.replace(/\/+$/, '');
    this.#apiKey = apiKey;
  }

  /** What the server's pages are told about it. */
  async settings(): Promise<PageSettings> {
    return this.#json('GET', '/v1/settings', {});
  }

  async create(body: CreateVerificationBody, signal?: AbortSignal): Promise<CreatedVerificationView> {
    return this.#json('POST', '/v1/verifications', { body, token: this.#apiKey, ...(signal && { signal }) });
  }

  async check({ id, token }: CreatedVerificationView, code: string): Promise<CheckView> {
    return this.#json('POST', `/v1/verifications/${id}/check`, { body: { code }, token });
  }

  async cancel({ id, token }: CreatedVerificationView): Promise<void> {
    await this.#json('DELETE', `/v1/verifications/${id}`, { token });
  }

  /** Every state from now on to the end, through lost connections. */
  async *states({ id, token }: CreatedVerificationView, signal: AbortSignal): AsyncGenerator<VerificationView> {
    let lastSeen: string | undefined;
    for (let lost = 0; lost <= MAX_RECONNECTS; lost += 1) {
      if (lost > 0) await delay(RECONNECT_AFTER);
      try {
        const headers = lastSeen === undefined ? {} : { 'last-event-id': lastSeen };
        const response = await this.#send('GET', `/v1/verifications/${id}/events`, { token, headers, signal });
        if (response.status === 204) return;
        const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
        for await (const event of events ?? []) {
          lastSeen = event.id;
          const view: VerificationView = JSON.parse(event.data);
          yield view;
          if (view.status !== 'pending' && view.call.state === 'ended') return;
        }
      } catch (error) {
        if (signal.aborted || error instanceof ApiRefusal) throw error;
      }
    }
    throw new StartError('connection_lost', `The server at ${this.#url} does not answer any more`);
  }

  async #json<Body>(method: string, path: string, asked: Asked): Promise<Body> {
    const signals = [AbortSignal.timeout(ANSWER_WITHIN), ...(asked.signal ? [asked.signal] : [])];
    const response = await this.#send(method, path, { ...asked, signal: AbortSignal.any(signals) });
    const text = await response.text();
    try {
      const body: Body = JSON.parse(text);
      return body;
    } catch {
      throw new StartError('no_ringproof', `What answers at ${this.#url} is no Ringproof server`);
    }
  }

  async #send(method: string, path: string, { body, token, headers, signal }: Asked): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      throw signal?.aborted === true && !isTimeout(error) ? error : this.#unreachable(error);
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

  #unreachable(error: unknown): StartError {
    const code = codeOf(error);
    if (isTimeout(error)) {
      const words = `The server at ${this.#url} did not answer in ${ANSWER_WITHIN / 1_000} s`;
      return new StartError('connection_failed', words, error);
    }
    const words =
      code === 'ECONNREFUSED' || code === undefined
        ? `There is no server at ${this.#url}; start one with: ringproof start`
        : `The server at ${this.#url} cannot be reached: ${code}`;
    return new StartError('connection_failed', words, error);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

/** Why nothing came back, as far as the system says. */
function codeOf(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code;
  }
  return undefined;
}

interface Asked {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const PROBLEM = z.object({ code: z.string(), detail: z.string() });

async function refusalOf(response: Response): Promise<ApiRefusal> {
  const problem: unknown = await response.json().catch(() => undefined);
  const { code, detail } = PROBLEM.safeParse(problem).data ?? {
    code: `http_${response.status}`,
    detail: response.statusText,
  };
  return new ApiRefusal(code, detail);
}

async function delay(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
