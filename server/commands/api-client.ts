import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import type { CheckView, CreatedVerificationView, CreateVerificationBody, VerificationView } from '../http/contract.ts';
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

  async create(body: CreateVerificationBody): Promise<CreatedVerificationView> {
    return this.#json('POST', '/v1/verifications', { body, token: this.#apiKey });
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
    const response = await this.#send(method, path, asked);
    const body: Body = JSON.parse(await response.text());
    return body;
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
      if (signal?.aborted === true) throw error;
      throw new StartError(
        'connection_failed',
        `There is no server at ${this.#url}; start one with: ringproof start`,
        error,
      );
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }
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
