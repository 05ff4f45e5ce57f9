import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type {
  CheckBody,
  CreateVerificationBody,
  PageSettings,
  VerificationView,
} from '../../../server/http/contract.ts';
import { aView } from '../../fakes/a-view.ts';
import { FakeExchange } from './fake-exchange.ts';
import { SETTINGS } from './settings.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: RequestBody;
}

type RequestBody = Partial<CreateVerificationBody & CheckBody>;

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const NO_INLINE = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; connect-src 'self' ws:";

/**
 * The built pages behind the server's own Content-Security-Policy, and beneath them an API that does what a test
 * tells it: one verification, its events pushed by hand.
 */
export class FakeSite {
  settings: PageSettings = SETTINGS;
  view: VerificationView = aView();
  code: string | undefined = '482913';
  /** What a verification has from its creation on. */
  details: Partial<Pick<VerificationView, 'word' | 'transaction' | 'dialIn' | 'locale' | 'gateDigits'>> = {};
  /** How long ago it was created, in milliseconds; more than nothing for an answer that is given again. */
  age = 0;
  /** `METHOD /path` and how it is refused, until taken away. */
  readonly refusals = new Map<string, Answer>();
  readonly requests: SeenRequest[] = [];
  /** What a submitted code does; answers the view that follows. */
  onCheck: (code: string) => VerificationView = () => this.view;
  /** What the softphone meets at /sip. */
  readonly exchange: FakeExchange;
  readonly #folder: string;
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  #revision = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.exchange = new FakeExchange(this.#server);
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    return this.origin;
  }

  get origin(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The site is not open');
    return `http://127.0.0.1:${address.port}`;
  }

  /** How many pages are following. */
  get followers(): number {
    return this.#streams.size;
  }

  refuse(call: string, [status, code]: readonly [number, string], headers: Answer['headers'] = {}): void {
    const body = { type: `urn:ringproof:problem:${code}`, title: code, status, code, detail: code };
    this.refusals.set(call, { status, body, headers });
  }

  /** Changes the verification and tells those who follow it. */
  push(view: VerificationView): void {
    this.view = view;
    this.#revision += 1;
    for (const stream of this.#streams) this.#writeEvent(stream);
  }

  /** Breaks every stream, as a lost network does. */
  breakStreams(): void {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  async close(): Promise<void> {
    this.breakStreams();
    this.exchange.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (!path.startsWith('/v1/')) return this.#sendFile(path, response);
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    this.requests.push({ method, path: request.url ?? '', headers: request.headers, body });
    const refusal = this.refusals.get(`${method} ${path}`);
    if (refusal) return send(response, refusal);
    return this.#call(`${method} ${path.replace('/v1/', '').replace(/ver_\d+/, ':id')}`, body, response);
  }

  #call(call: string, body: RequestBody, response: ServerResponse): void {
    switch (call) {
      case 'GET settings':
        return send(response, { status: 200, body: this.settings });
      case 'POST verifications': {
        const { to = '', method = 'keypad', extension, locale = 'en' } = body;
        this.view = aView({
          locale,
          ...datesOf(this.age),
          ...this.details,
          to,
          method,
          ...(extension !== undefined && { extension }),
        });
        return send(response, { status: 201, body: this.#created() });
      }
      case 'POST verifications/:id/calls': {
        const number = this.view.call.number + 1;
        this.view = { ...this.view, call: { id: `call_${number}`, number, state: 'queued', keys: 0 } };
        return send(response, { status: 201, body: this.#created() });
      }
      case 'POST verifications/:id/check': {
        this.push(this.onCheck(body.code ?? ''));
        const { status, attemptsLeft } = this.view;
        return send(response, { status: 200, body: { status, attemptsLeft } });
      }
      case 'DELETE verifications/:id':
        this.push({ ...this.view, status: 'canceled', reason: 'canceled' });
        return send(response, { status: 200, body: this.view });
      case 'GET verifications/:id':
        return send(response, { status: 200, body: this.view });
      case 'GET verifications/:id/events':
        return this.#openStream(response);
      default:
        return send(response, { status: 404, body: { code: 'not_found' } });
    }
  }

  #created(): object {
    const { code } = this;
    return { ...this.view, token: 'token-of-ver_1', ...(this.view.method !== 'spoken' && { code }) };
  }

  #openStream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
    this.#writeEvent(response);
  }

  #writeEvent(stream: ServerResponse): void {
    stream.write(`id: ${this.#revision}\ndata: ${JSON.stringify(this.view)}\n\n`);
  }

  async #sendFile(path: string, response: ServerResponse): Promise<void> {
    const name = path === '/' ? '/index.html' : path === '/phone' ? '/phone.html' : normalize(path);
    try {
      const content = await readFile(join(this.#folder, name));
      response.writeHead(200, {
        'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
        'Content-Security-Policy': NO_INLINE,
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

function datesOf(age: number): Pick<VerificationView, 'createdAt' | 'expiresAt'> {
  const created = Date.now() - age;
  return { createdAt: new Date(created).toISOString(), expiresAt: new Date(created + 600_000).toISOString() };
}

async function readBody(request: IncomingMessage): Promise<RequestBody> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const body: RequestBody = JSON.parse(text || '{}');
  return body;
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, {
    'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
