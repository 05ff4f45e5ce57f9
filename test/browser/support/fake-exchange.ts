import type { Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

/** A caller's offer, as an agent makes it; nothing stands behind its address. */
const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 0 8',
  'c=IN IP4 127.0.0.1',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  'a=setup:active',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=candidate:1 1 UDP 2122317823 127.0.0.1 9 typ host',
  'a=end-of-candidates',
  '',
].join('\r\n');

/**
 * A SIP server over WebSocket that does what a test tells it, and is the only caller that its one phone knows.
 * It speaks just enough SIP (RFC 3261, RFC 7118) for a call without sound.
 */
export class FakeExchange {
  /** The answer to REGISTER. */
  registerStatus = '200 OK';
  /** The answer to INFO. */
  infoStatus = '200 OK';
  /** Final answers to our INVITE, such as `603 Decline`. */
  readonly answers: string[] = [];
  /** What the phone keyed, from the bodies of its INFO. */
  readonly keys: string[] = [];
  readonly received: string[] = [];
  readonly #server: WebSocketServer;
  #phone: WebSocket | undefined;
  #contact = '';
  #call = 0;
  #toTag = '';

  constructor(server: Server) {
    this.#server = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      this.#server.handleUpgrade(request, socket, head, (phone) => {
        this.#phone = phone;
        phone.on('message', (data) => {
          if (Buffer.isBuffer(data)) this.#take(data.toString());
        });
      });
    });
  }

  get isRegistered(): boolean {
    return this.#contact !== '';
  }

  call(): void {
    this.#call += 1;
    this.#toTag = '';
    this.#send(this.#request('INVITE', 1, OFFER));
  }

  /** The caller gives up before the phone answers. */
  cancel(): void {
    this.#send(this.#request('CANCEL', 1));
  }

  hangUp(): void {
    this.#send(this.#request('BYE', 2));
  }

  /** Drops the phone's connection, as a lost network does. */
  drop(): void {
    this.#contact = '';
    this.#phone?.terminate();
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #take(message: string): void {
    if (message.trim() === '') return;
    this.received.push(message);
    const [start = ''] = message.split('\r\n');
    if (start.startsWith('SIP/2.0 ')) this.#takeAnswer(start.slice(8), message);
    else this.#takeRequest(start.split(' ')[0] ?? '', message);
  }

  #takeAnswer(status: string, message: string): void {
    if (status.startsWith('1') || !/^CSeq: *1 INVITE/im.test(message)) return;
    this.answers.push(status);
    this.#toTag = /^To:.*;tag=(\S+)/im.exec(message)?.[1] ?? '';
    this.#send(this.#request('ACK', 1));
  }

  #takeRequest(method: string, message: string): void {
    if (method === 'ACK') return;
    const key = /^Signal=(.)/m.exec(message)?.[1];
    if (method === 'INFO' && key !== undefined) this.keys.push(key);
    const isRegister = method === 'REGISTER';
    const status = isRegister ? this.registerStatus : method === 'INFO' ? this.infoStatus : '200 OK';
    const contact = isRegister && status.startsWith('200') ? /^Contact: *(.*)$/im.exec(message)?.[1] : undefined;
    if (contact !== undefined) this.#contact = /<([^>]+)>/.exec(contact)?.[1] ?? '';
    const same = message.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line));
    const to = /^To:.*$/im.exec(message)?.[0] ?? '';
    this.#send(
      [
        `SIP/2.0 ${status}`,
        ...same,
        to.includes(';tag=') ? to : `${to};tag=exchange`,
        ...(contact === undefined ? [] : [`Contact: ${contact.replace(/;expires=\d+/, '')};expires=120`]),
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
  }

  #request(method: string, sequence: number, body = ''): string {
    const branch = method === 'CANCEL' ? 'INVITE' : method;
    return [
      `${method} ${this.#contact} SIP/2.0`,
      `Via: SIP/2.0/WS exchange.invalid;branch=z9hG4bK-${this.#call}-${branch}`,
      'Max-Forwards: 70',
      `From: "Ringproof" <sip:ringproof@ringproof.test>;tag=caller-${this.#call}`,
      `To: <sip:+12025550123@ringproof.test>${method !== 'CANCEL' && this.#toTag ? `;tag=${this.#toTag}` : ''}`,
      `Call-ID: call-${this.#call}`,
      `CSeq: ${sequence} ${method}`,
      'Contact: <sip:ringproof@exchange.invalid;transport=ws>',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }

  #send(message: string): void {
    this.#phone?.send(message);
  }
}
