import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A SIP client that says exactly what it is told to. */
export class RawClient {
  readonly webSocket: WebSocket;
  readonly #received: string[] = [];
  #onReceived: (() => void) | undefined;

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on('message', (data: Buffer) => {
      this.#received.push(data.toString());
      this.#onReceived?.();
    });
    webSocket.on('error', () => {});
  }

  static async connect(url: string): Promise<RawClient> {
    const client = new RawClient(new WebSocket(url, 'sip'));
    await once(client.webSocket, 'open');
    return client;
  }

  send(message: string | Uint8Array): void {
    this.webSocket.send(message);
  }

  /** The next message, in the order of arrival. */
  async next(): Promise<string> {
    for (;;) {
      const message = this.#received.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => (this.#onReceived = resolve));
    }
  }

  /** The next message that begins so; those before it are thrown away. */
  async nextLike(start: string): Promise<string> {
    for (;;) {
      const message = await this.next();
      if (message.startsWith(start)) return message;
    }
  }

  /** Sends it and reads the status of the next message. */
  async ask(message: string): Promise<number> {
    this.send(message);
    return statusOf(await this.next());
  }

  /** Answers a request that arrived. */
  answer(request: string, status: string, more: { readonly headers?: readonly string[]; readonly body?: string } = {}) {
    const to = fieldOf(request, 'To');
    const body = more.body ?? '';
    this.send(
      [
        `SIP/2.0 ${status}`,
        ...fieldsOf(request, 'Via').map((value) => `Via: ${value}`),
        ...fieldsOf(request, 'Record-Route').map((value) => `Record-Route: ${value}`),
        `From: ${fieldOf(request, 'From')}`,
        `To: ${to.includes(';tag=') || status.startsWith('100') ? to : `${to};tag=callee`}`,
        `Call-ID: ${fieldOf(request, 'Call-ID')}`,
        `CSeq: ${fieldOf(request, 'CSeq')}`,
        ...(more.headers ?? []),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  async closed(): Promise<number> {
    const [code] = await once(this.webSocket, 'close');
    return Number(code);
  }

  close(): void {
    this.webSocket.terminate();
  }
}

export interface RequestFields {
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly maxForwards?: number;
  readonly more?: readonly string[];
  readonly body?: string;
}

let made = 0;

/** A request with a branch and a Call-ID of its own, unless told otherwise. */
export function sip(method: string, fields: RequestFields = {}): string {
  made += 1;
  const { uri = 'sip:+12025550123@ringproof.local', from = 'sip:ringproof@ringproof.local', body = '' } = fields;
  const to = fields.to ?? (method === 'REGISTER' ? from : uri);
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/WS client.invalid;branch=${fields.branch ?? `z9hG4bK-${made}`}`,
    `Max-Forwards: ${fields.maxForwards ?? 70}`,
    `From: <${from}>;tag=caller`,
    `To: ${to.includes('<') ? to : `<${to}>`}`,
    `Call-ID: ${fields.callId ?? `call-${made}`}`,
    `CSeq: ${fields.cseq ?? 1} ${method}`,
    ...(fields.more ?? []),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

export function register(user: string, fields: RequestFields & { readonly contact?: string } = {}): string {
  const contact = fields.contact ?? `<sip:${user.replace('+', '')}@client.invalid;transport=ws>`;
  return sip('REGISTER', {
    uri: 'sip:ringproof.local',
    from: `sip:${user}@ringproof.local`,
    ...fields,
    more: [`Contact: ${contact}`, ...(fields.more ?? [])],
  });
}

export function statusOf(message: string): number {
  return Number(/^SIP\/2\.0 (\d+)/.exec(message)?.[1]);
}

export function fieldsOf(message: string, name: string): readonly string[] {
  return message
    .split('\r\n\r\n', 1)
    .join('')
    .split('\r\n')
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    .map((line) => line.slice(name.length + 1).trim());
}

export function fieldOf(message: string, name: string): string {
  return fieldsOf(message, name)[0] ?? '';
}

export function bodyOf(message: string): string {
  return message.split('\r\n\r\n').slice(1).join('\r\n\r\n');
}
