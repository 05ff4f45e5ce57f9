import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';

/** What a test may do with a message on its way: pass it (changed or not), or swallow it. */
export type Meddler = (message: string, from: string) => string | undefined;

/**
 * The smallest thing that lets two JsSIP user agents call each other: it answers REGISTER, routes requests by the
 * user part of the Request-URI and responses by the Via that it added. It believes everybody; unlike our proxy it
 * can be told to do anything to any message.
 */
export class SipSwitch {
  readonly #server: WebSocketServer;
  readonly #byUser = new Map<string, WebSocket>();
  readonly #names = new Map<WebSocket, string>();
  /** Every message that passed, in order, as `who> text`. */
  readonly log: string[] = [];
  meddle: Meddler = (message) => message;
  /** The final answer to a REGISTER; by default it is accepted. */
  registrar: (request: string) => string = (request) =>
    reply(request, '200 OK', { headers: [`Contact: ${header(request, 'Contact')};expires=600`] });

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (ws) => {
      ws.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') this.#receive(ws, data);
      });
      ws.on('error', () => {});
    });
  }

  static async start(port = 0): Promise<SipSwitch> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, handleProtocols: () => 'sip' });
    await once(server, 'listening');
    return new SipSwitch(server);
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the switch is not listening');
    return address.port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Methods and status codes that passed, such as `agent>INVITE` and `phone>180 INVITE`. */
  get trace(): string[] {
    return this.log.map((entry) => {
      const [who = '', ...rest] = entry.split('>');
      const message = rest.join('>');
      const status = /^SIP\/2\.0 (\d+)/.exec(message)?.[1];
      const method = /^CSeq: *\d+ (\S+)/im.exec(message)?.[1] ?? '';
      return `${who}>${status === undefined ? method : `${status} ${method}`}`;
    });
  }

  sendTo(user: string, message: string): void {
    this.#byUser.get(user)?.send(message);
  }

  /** Cuts every connection, as a network does. */
  drop(user?: string): void {
    for (const ws of this.#server.clients) {
      if (user === undefined || this.#names.get(ws) === user) ws.terminate();
    }
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(ws: WebSocket, text: string): void {
    const from = this.#names.get(ws) ?? '';
    if (text.startsWith('REGISTER ')) {
      const aor = /^To:.*?sips?:([^@>]+)@/im.exec(text)?.[1] ?? '';
      this.#names.set(ws, aor);
      this.#byUser.set(aor, ws);
      const contact = /^Contact:.*?sips?:([^@>]+)@/im.exec(text)?.[1];
      if (contact !== undefined) this.#byUser.set(contact, ws);
      this.log.push(`${aor}>${text}`);
      ws.send(this.registrar(text));
      return;
    }
    this.log.push(`${from}>${text}`);
    const message = this.meddle(text, from);
    if (message === undefined) return;
    if (message.startsWith('SIP/2.0')) this.#routeResponse(message);
    else this.#routeRequest(ws, message);
  }

  #routeRequest(ws: WebSocket, request: string): void {
    const user = decodeURIComponent(/^\S+ sips?:([^@;]+)@/.exec(request)?.[1] ?? '');
    const target = this.#byUser.get(user);
    if (!target) {
      if (!request.startsWith('ACK ')) ws.send(reply(request, '404 Not Found'));
      return;
    }
    if (request.startsWith('INVITE ')) ws.send(reply(request, '100 Trying'));
    const branch = /branch=([^;\r\n]+)/.exec(request)?.[1] ?? '';
    const via = `Via: SIP/2.0/WS switch.invalid;branch=z9hG4bKsw${branch};from=${this.#names.get(ws) ?? ''}`;
    target.send(request.replace('\r\n', `\r\n${via}\r\n`));
  }

  #routeResponse(response: string): void {
    const [, via, to] = /^(Via: SIP\/2\.0\/WS switch\.invalid;.*?;from=([^\r\n]+)\r\n)/im.exec(response) ?? [];
    if (via === undefined || to === undefined) return;
    this.#byUser.get(to)?.send(response.replace(via, ''));
  }
}

export function header(message: string, name: string): string {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(message)?.[1]?.trim() ?? '';
}

/** A response made from the request itself (RFC 3261 §8.2.6). */
export function reply(request: string, status: string, { headers = [], body = '' }: ReplyParts = {}): string {
  const copied = request.split('\r\n').filter((line) => /^(via|from|call-id|cseq|record-route):/i.test(line));
  const to = header(request, 'To');
  const tagged = status.startsWith('100') || to.includes(';tag=') ? to : `${to};tag=switch`;
  return [
    `SIP/2.0 ${status}`,
    ...copied,
    `To: ${tagged}`,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

interface ReplyParts {
  readonly headers?: readonly string[];
  readonly body?: string;
}
