import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { header, parseSip, withBody } from './sip-message.ts';

/**
 * The call by which a switchboard rings a telephone inside the house: plain SIP over UDP (RFC 3261), sent once, since
 * it goes no further than loopback.
 */
export class InnerCall {
  readonly #socket: Socket;
  readonly #uri: string;
  readonly #callId = randomUUID();
  /** What the telephone says of its media, once somebody is there. */
  readonly answered: Promise<string>;
  #answer: (sdp: string) => void = () => undefined;
  #to = '';

  private constructor(socket: Socket, uri: string) {
    this.#socket = socket;
    this.#uri = uri;
    this.#to = `<${uri}>`;
    this.answered = new Promise((resolve) => (this.#answer = resolve));
    socket.on('message', (datagram) => this.#receive(datagram.toString()));
  }

  /** `sdp`: where the telephone is to talk to. */
  static async ring(extension: string, port: number, sdp: string): Promise<InnerCall> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    socket.connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    const call = new InnerCall(socket, `sip:${extension}@127.0.0.1:${port}`);
    call.#send('INVITE', 1, sdp);
    return call;
  }

  hangUp(): void {
    this.#send('BYE', 2);
  }

  close(): void {
    this.#socket.close();
  }

  #receive(datagram: string): void {
    const message = parseSip(datagram);
    if (message?.status !== 200 || header(message, 'cseq') !== '1 INVITE') return;
    this.#to = header(message, 'to');
    this.#send('ACK', 1);
    this.#answer(message.body);
  }

  #send(method: string, sequence: number, sdp?: string): void {
    const { port } = this.#socket.address();
    const lines = [
      `${method} ${this.#uri} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=z9hG4bK${randomUUID()}`,
      'Max-Forwards: 70',
      'From: <sip:switchboard@127.0.0.1>;tag=switchboard',
      `To: ${this.#to}`,
      `Call-ID: ${this.#callId}`,
      `CSeq: ${sequence} ${method}`,
      `Contact: <sip:switchboard@127.0.0.1:${port}>`,
    ];
    this.#socket.send(withBody(lines, sdp === undefined ? undefined : { type: 'application/sdp', text: sdp }));
  }
}
