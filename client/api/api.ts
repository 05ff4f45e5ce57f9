import type {
  CheckView,
  CreatedVerificationView,
  CreateVerificationBody,
  PageSettings,
  ProblemDocument,
  VerificationView,
} from '../../server/http/contract.ts';
import { Refusal, Unreachable } from './refusal.ts';

/** What opens one verification. */
export interface Key {
  readonly id: string;
  readonly token: string;
}

/** A request without an answer for this long is given up. */
const PATIENCE = 15_000;
/** It may be up to a second later than a Date header says: better a second less than one that is not there. */
const A_SECOND = 1000;

/**
 * The v1 API as the pages use it. Every call rejects with a Refusal when the answer is no and with Unreachable
 * when there is none. The token travels in a header, never in an address.
 */
export class Api {
  readonly #origin: string;
  #clockAhead = 0;

  /** @param origin such as `http://127.0.0.1:3000`; empty: where the page came from. */
  constructor(origin = '') {
    this.#origin = origin;
  }

  /** The server's time, in milliseconds, by its latest answer (RFC 9110 §6.6.1): a visitor's clock may be wrong by hours. */
  now(): number {
    return Date.now() + this.#clockAhead;
  }

  settings(): Promise<PageSettings> {
    return this.#json('GET', '/v1/settings');
  }

  /** @param idempotencyKey makes a second try with the same details harmless: no second call is placed. */
  create(body: CreateVerificationBody, idempotencyKey: string): Promise<CreatedVerificationView> {
    return this.#json('POST', '/v1/verifications', { body, headers: { 'Idempotency-Key': idempotencyKey } });
  }

  view(key: Key): Promise<VerificationView> {
    return this.#json('GET', pathOf(key), { key });
  }

  check(key: Key, code: string): Promise<CheckView> {
    return this.#json('POST', `${pathOf(key)}/check`, { key, body: { code } });
  }

  callAgain(key: Key): Promise<CreatedVerificationView> {
    return this.#json('POST', `${pathOf(key)}/calls`, { key });
  }

  async cancel(key: Key): Promise<void> {
    await this.#send('DELETE', pathOf(key), { key });
  }

  /** The stream of server-sent events; resolves once it is open. */
  async events(key: Key, lastEventId: string | undefined, signal: AbortSignal): Promise<Response> {
    const headers = { Accept: 'text/event-stream', ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }) };
    return this.#send('GET', `${pathOf(key)}/events`, { key, headers, signal });
  }

  async #json<Answer>(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
    const response = await this.#send(method, path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    try {
      const answer: Answer = await response.json();
      return answer;
    } catch (cause) {
      throw new Unreachable('The answer broke off', { cause });
    }
  }

  async #send(method: string, path: string, { key, body, headers, signal }: SendOptions): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.#origin + path, {
        method,
        headers: {
          ...headers,
          ...(key && { Authorization: `Bearer ${key.token}` }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        cache: 'no-store',
        credentials: 'omit',
        signal: signal ?? AbortSignal.timeout(PATIENCE),
      });
    } catch (cause) {
      throw new Unreachable('No answer from the API', { cause });
    }
    this.#setClock(response.headers.get('Date'));
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

  #setClock(date: string | null): void {
    const ahead = Date.parse(date ?? '') + A_SECOND - Date.now();
    if (Number.isFinite(ahead)) this.#clockAhead = ahead;
  }
}

interface SendOptions {
  readonly key?: Key;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

function pathOf({ id }: Key): string {
  return `/v1/verifications/${encodeURIComponent(id)}`;
}

async function refusalOf(response: Response): Promise<Refusal> {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined;
  // What stands between us and the server may answer in its own words; then the status is all there is.
  const problem = await response.json().then(
    (document: Partial<ProblemDocument>) => document,
    (): Partial<ProblemDocument> => ({}),
  );
  return new Refusal(response.status, problem.code ?? codeOfStatus(response.status), retryAfterSeconds);
}

function codeOfStatus(status: number): string {
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limited';
  return status === 502 || status === 503 || status === 504 ? 'starting' : 'internal_error';
}
